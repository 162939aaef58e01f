import type { Entry } from './edit.ts'

/** Shorter texts differ in every letter by meaning: "cat" and "car". */
const SHORTEST = 4
/** From this length on two slips of the hand are likelier than two different things. */
const LONG = 12

/** What a person would take for the same expression: case, width and spaces aside. */
export function looseText(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}

/** Texts that read like another one of the list, with that one. Takes its time on a thousand of them. */
export function similarTexts(texts: readonly string[]): ReadonlyMap<string, string> {
  const entries = texts.map((text) => ({ text, loose: looseText(text) }))
  const found = new Map<string, string>()
  for (const { text, loose } of entries) {
    const similar = closest(text, loose, entries)
    if (similar) found.set(text, similar.text)
  }
  return found
}

/** Another entry that reads the same, or differs by a slip of the hand. */
export function nearDuplicate<T extends Entry>(text: string, entries: readonly T[]): T | null {
  const known = entries.map((entry) => ({ text: entry.text, loose: looseText(entry.text), entry }))
  return closest(text, looseText(text), known)?.entry ?? null
}

interface Loosened {
  text: string
  loose: string
}

/** What differs by case, width and spaces only comes before slips of the hand. */
function closest<T extends Loosened>(text: string, loose: string, known: readonly T[]): T | undefined {
  const others = known.filter((other) => other.text !== text)
  return others.find((other) => other.loose === loose) ?? others.find((other) => isSlip(loose, other.loose))
}

/** One letter too many, too few, wrong or exchanged with its neighbour; two of these in a long text. */
function isSlip(a: string, b: string): boolean {
  const shortest = Math.min(a.length, b.length)
  if (shortest < SHORTEST) return false
  const limit = shortest >= LONG ? 2 : 1
  return Math.abs(a.length - b.length) <= limit && editDistance([...a], [...b], limit) <= limit
}

/**
 * Letters to change to get from one to the other (Damerau–Levenshtein, neighbours exchanged count once).
 * @param limit beyond it the exact number does not matter
 */
function editDistance(a: readonly string[], b: readonly string[], limit: number): number {
  let before: number[] = []
  let last = b.map((_, place) => place + 1)
  last.unshift(0)
  for (const [row, letter] of a.entries()) {
    const current = [row + 1]
    for (const [place, other] of b.entries()) {
      const replaced = (last[place] ?? 0) + replacement(letter, other)
      const least = Math.min((last[place + 1] ?? 0) + 1, (current[place] ?? 0) + 1, replaced)
      const isExchange = row > 0 && place > 0 && letter === b[place - 1] && other === a[row - 1]
      current.push(isExchange ? Math.min(least, (before[place - 1] ?? 0) + 1) : least)
    }
    if (Math.min(...current) > limit) return limit + 1
    before = last
    last = current
  }
  return last.at(-1) ?? 0
}

/** Another digit is another thing ("box 1", "box 2"), and so is another Chinese character (左 and 右). */
function replacement(a: string, b: string): number {
  if (a === b) return 0
  return /[\p{Nd}\p{Script=Han}]/u.test(a + b) ? Number.POSITIVE_INFINITY : 1
}
