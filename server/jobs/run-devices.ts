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

/** Whether two runs can never go on at the same time. */
export function shareDevice(one: string, other: string): boolean {
  const ids = devicesOf(other)
  return devicesOf(one).some((id) => ids.includes(id))
}
