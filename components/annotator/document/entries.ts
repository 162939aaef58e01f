import type { Expression } from '../../../server/contracts/annotation.ts'
import { labelColour } from '../../../server/contracts/label-colours.ts'
import { boxCounts, type Doc, orderedExpressions } from './doc.ts'
import type { Entry } from './edit.ts'

export interface ProjectLabel {
  readonly name: string
  readonly colour: string
}

/** One line of the expressions panel. */
export interface ListedEntry extends Entry {
  readonly colour: string
  /** 1..9: the key that chooses it; null = further down. */
  readonly digit: number | null
  /** Null while nothing on this image answers it and it is not stated as a negative either. */
  readonly expression: Expression | null
  readonly boxes: number
  /** unused = a class of the project; draft = typed here, without a box yet. */
  readonly state: 'boxes' | 'negative' | 'draft' | 'unused'
}

const KEYS = 9

/**
 * Classes of the project first, always in their own order, so that a key means the same class on
 * every image; then other classes of this image, its phrases, and what has been typed without a box.
 */
export function listEntries(
  doc: Doc,
  drafts: readonly Entry[],
  labels: readonly ProjectLabel[],
): ListedEntry[] {
  const counts = boxCounts(doc)
  const expressions = orderedExpressions(doc)
  const byText = new Map(expressions.map((expression) => [expression.text, expression]))
  const known = new Set(labels.map((label) => label.name))
  const others = expressions
    .filter(({ text }) => !known.has(text))
    .sort((a, b) => Number(a.kind === 'phrase') - Number(b.kind === 'phrase'))
  const lines: Entry[] = [
    ...labels.map(({ name }): Entry => ({ kind: 'class', text: name })),
    ...others,
    ...drafts.filter(({ text }) => !known.has(text) && !byText.has(text)),
  ]
  return lines.map(({ kind, text }, place) => {
    const expression = byText.get(text) ?? null
    const boxes = expression ? (counts.get(expression.id) ?? 0) : 0
    return {
      kind: expression?.kind ?? kind,
      text,
      colour: labels[place]?.colour ?? labelColour(place),
      digit: place < KEYS ? place + 1 : null,
      expression,
      boxes,
      state: expression ? (boxes > 0 ? 'boxes' : 'negative') : known.has(text) ? 'unused' : 'draft',
    }
  })
}
