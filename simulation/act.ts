import fc from 'fast-check'

/** Everything that may happen, drawn with equal chance of each entry; what is listed twice happens more often. */
const EDITS = [
  'draw',
  'draw',
  'move',
  'move',
  'resize',
  'nudge',
  'moveAll',
  'delete',
  'duplicate',
  'relabel',
  'answer',
  'negative',
  'rename',
  'deleteExpression',
  'copy',
  'paste',
  'undo',
  'redo',
  'grab',
  'drop',
] as const
const TRAFFIC = [
  // A whole save, there and back.
  'save',
  'save',
  'save',
  'save',
  'wait',
  'flush',
  'carry',
  'bring',
  'hear',
  'loseRequest',
  'loseAnswer',
  'goOffline',
  'goOnline',
  'close',
  'open',
  'decide',
  'decide',
] as const
const SERVER = ['restart', 'bulkRename', 'bulkMerge', 'bulkDelete'] as const

export type ActKind = (typeof EDITS)[number] | (typeof TRAFFIC)[number] | (typeof SERVER)[number]

/** One thing that happens. Which tab, box or text is meant by a number depends on what there is at that moment. */
export interface Act {
  kind: ActKind
  tab: number
  pick: number
  x: number
  y: number
  /** One bit for each conflict: mine or theirs. */
  choices: number
}

export const TEXTS = ['dog', 'cat', 'fox', 'owl', 'hen']

const act = fc.record<Act>({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...EDITS) },
    { weight: 12, arbitrary: fc.constantFrom(...TRAFFIC) },
    { weight: 1, arbitrary: fc.constantFrom(...SERVER) },
  ),
  tab: fc.nat({ max: 2 }),
  pick: fc.nat({ max: 11 }),
  x: fc.nat({ max: 800 }),
  y: fc.nat({ max: 600 }),
  choices: fc.nat({ max: 0xffff }),
})

export interface Story {
  /** Two of one, one of another, or one of each of three. */
  people: readonly string[]
  acts: readonly Act[]
}

/** A day on one image: which people have it open, and everything that happens. */
export const story: fc.Arbitrary<Story> = fc.record({
  people: fc.constantFrom(['ada', 'bob'], ['ada', 'bob'], ['ada', 'ada', 'bob'], ['ada', 'bob', 'cy']),
  acts: fc.array(act, { minLength: 60, maxLength: 120, size: 'max' }),
})
