/** A seeded source of chance: the same seed draws the same sample on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Integer in [low, high], both ends included. */
  integer(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** A new order; the given array stays as it is. */
  shuffle<T>(items: readonly T[]): T[]
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, passes gjrand's tests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    integer,
    chance: (probability) => next() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('Nothing to pick from.')
      return items[integer(0, items.length - 1)] as T
    },
    shuffle<T>(items: readonly T[]): T[] {
      const order = [...items]
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = integer(0, last)
        ;[order[last], order[other]] = [order[other] as T, order[last] as T]
      }
      return order
    },
  }
}

/** Seed of the n-th picture of a set: a picture does not change when the set grows. */
export function seedOf(seed: number, index: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
}
