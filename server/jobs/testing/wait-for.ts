import { setTimeout as pause } from 'node:timers/promises'

/**
 * Waits until `condition` gives something, and gives it back.
 * @throws after the deadline, naming what was waited for
 */
export async function waitFor<T>(
  what: string,
  condition: () => Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const result = await condition()
    if (result) return result
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s in vain for: ${what}.`)
    await pause(25)
  }
}
