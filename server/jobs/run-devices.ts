import type { TaskPayload } from '../contracts/worker.ts'

/**
 * A run's `device` column: the id of the device it waits for or holds, or several with commas between them, in the
 * order in which the trainer numbers its processes.
 */
export function devicesOf(device: string): string[] {
  return device.split(',')
}

export function deviceColumn(ids: readonly string[]): string {
  return ids.join(',')
}

/** The device that a task holds while it goes on; null = it goes on beside whatever else there is. */
export function deviceOfTask(payload: TaskPayload): string | null {
  return payload.kind === 'prelabel' ? payload.device : null
}

/** Whether two runs can never go on at the same time. */
export function shareDevice(one: string, other: string): boolean {
  const ids = devicesOf(other)
  return devicesOf(one).some((id) => ids.includes(id))
}
