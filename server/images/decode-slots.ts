/**
 * Pictures decoded at the same time, in this process. A large one takes up to 1 GB of memory, and the
 * decoder uses several cores by itself, so more at once would only be worse.
 */
const SLOTS = 2

let busy = 0
const waiting: (() => void)[] = []

export async function withDecodeSlot<T>(work: () => Promise<T>): Promise<T> {
  if (busy < SLOTS) busy += 1
  // The one who leaves hands the slot over, so `busy` stays as it is.
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else busy -= 1
  }
}
