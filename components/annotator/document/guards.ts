import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { type Doc, textsOf } from './doc.ts'

/**
 * What a person has locked or hidden: box by box, or all boxes of an expression. It belongs to this tab
 * and is neither saved nor undone. Expressions go by their text, so that they stay hidden on the next image.
 */
export interface Guards {
  readonly lockedBoxes: ReadonlySet<BoxId>
  readonly hiddenBoxes: ReadonlySet<BoxId>
  readonly lockedTexts: ReadonlySet<string>
  readonly hiddenTexts: ReadonlySet<string>
}

export const NO_GUARDS: Guards = {
  lockedBoxes: new Set(),
  hiddenBoxes: new Set(),
  lockedTexts: new Set(),
  hiddenTexts: new Set(),
}

/** A box of several expressions is locked by any of them: changing it changes the answer of that one. */
export function isLocked(guards: Guards, doc: Doc, box: Box): boolean {
  if (guards.lockedBoxes.has(box.id)) return true
  return guards.lockedTexts.size > 0 && textsOf(doc, box).some((text) => guards.lockedTexts.has(text))
}

/** … and hidden only when all of them are: as long as one is looked at, the box belongs to the picture. */
export function isHidden(guards: Guards, doc: Doc, box: Box): boolean {
  if (guards.hiddenBoxes.has(box.id)) return true
  return guards.hiddenTexts.size > 0 && textsOf(doc, box).every((text) => guards.hiddenTexts.has(text))
}

export function hidesAny({ hiddenBoxes, hiddenTexts }: Guards): boolean {
  return hiddenBoxes.size > 0 || hiddenTexts.size > 0
}

export function locksAny({ lockedBoxes, lockedTexts }: Guards): boolean {
  return lockedBoxes.size > 0 || lockedTexts.size > 0
}

/** The pointer passes through what is hidden, and through what is locked: it cannot be in the way. */
export function isReachable(guards: Guards, doc: Doc, box: Box): boolean {
  return !isHidden(guards, doc, box) && !isLocked(guards, doc, box)
}

/** All of them in the set, or, when they all are already, none of them. */
export function toggled<T>(set: ReadonlySet<T>, members: readonly T[]): ReadonlySet<T> {
  const next = new Set(set)
  const remove = members.every((member) => set.has(member))
  for (const member of members) {
    if (remove) next.delete(member)
    else next.add(member)
  }
  return next
}
