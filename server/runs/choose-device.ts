import { Device, WORKER_DOWN_AFTER_SECONDS } from '../contracts/worker.ts'
import type { Database } from '../db/client.ts'
import { ACTIVE } from '../jobs/claim.ts'
import { detectDevices } from '../jobs/devices.ts'
import { deviceColumn, shareDevice } from '../jobs/run-devices.ts'

export interface Machine {
  workerUp: boolean
  /** The fastest kind first. */
  devices: Device[]
}

/** What the worker can run on, by its own word; while it is down, by a look of our own. */
export async function machine(db: Database): Promise<Machine> {
  const beat = await db.workerHeartbeat.findFirst({
    where: { beatAt: { gt: new Date(Date.now() - WORKER_DOWN_AFTER_SECONDS * 1000) } },
    orderBy: { beatAt: 'desc' },
    select: { devices: true },
  })
  return beat
    ? { workerUp: true, devices: Device.array().parse(beat.devices) }
    : { workerUp: false, devices: await detectDevices() }
}

/**
 * So many devices of the fastest kind, those with the shortest queues; fewer when the machine has no more. Several
 * processes on one processor only take it from each other.
 */
export async function chooseDevices(
  db: Database,
  devices: Device[],
  count: number,
): Promise<[Device, ...Device[]]> {
  const fastest = devicesLikeFirst(devices)
  const waiting = await Promise.all(
    fastest.map(async (device) => ({ device, ahead: await runsAhead(db, [device]) })),
  )
  const chosen = waiting
    .sort((a, b) => a.ahead - b.ahead)
    .slice(0, count)
    .map(({ device }) => device)
  // The numbers of the cards in their own order: neighbours are often joined more closely.
  const [first, ...others] = devices.filter((device) => chosen.includes(device))
  if (!first) throw new Error('This machine has no device, not even a processor.')
  return [first, ...others]
}

/** The devices on which one run could go on together: all of the fastest kind. */
export function devicesLikeFirst(devices: Device[]): Device[] {
  return devices.filter((device) => kindOf(device) === kindOf(devices[0]))
}

/** Runs that hold one of these devices or wait for one. */
export async function runsAhead(db: Database, devices: readonly Device[]): Promise<number> {
  const column = deviceColumn(devices.map(({ id }) => id))
  const runs = await db.run.findMany({
    where: { status: { in: ['queued', ...ACTIVE] } },
    select: { device: true },
  })
  return runs.filter(({ device }) => shareDevice(device, column)).length
}

function kindOf(device: Device | undefined): string | undefined {
  return device?.id.split(':')[0]
}
