import { Device, WORKER_DOWN_AFTER_SECONDS } from '../contracts/worker.ts'
import type { Database } from '../db/client.ts'
import { detectDevices } from '../jobs/devices.ts'

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

/** The fastest device whose queue is shortest. */
export async function chooseDevice(db: Database, devices: Device[]): Promise<Device> {
  const fastest = devices.filter((device) => kindOf(device) === kindOf(devices[0]))
  const waiting = await Promise.all(
    fastest.map(async (device) => ({ device, ahead: await runsAhead(db, device.id) })),
  )
  const best = waiting.sort((a, b) => a.ahead - b.ahead)[0]
  if (!best) throw new Error('This machine has no device, not even a processor.')
  return best.device
}

/** Runs that hold this device or wait for it. */
export async function runsAhead(db: Database, device: string): Promise<number> {
  return db.run.count({ where: { device, status: { in: ['queued', 'starting', 'running', 'stopping'] } } })
}

function kindOf(device: Device | undefined): string | undefined {
  return device?.id.split(':')[0]
}
