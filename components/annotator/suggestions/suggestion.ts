import type { BoxId } from '../../../server/contracts/ids.ts'
import { cornersOf } from '../../../server/grounding/document.ts'
import { iou, SAME_BOX_IOU } from '../../../server/grounding/match.ts'
import type { Doc } from '../document/doc.ts'
import { expressionByText } from '../document/doc.ts'
import type { Entry } from '../document/edit.ts'
import type { Rect } from '../geometry/rects.ts'

/** A box that a model proposes. It is no part of the document: neither saved, undone, counted nor exported. */
export interface Suggested {
  readonly id: string
  /** The id its box gets: while such a box is there, the suggestion is accepted. */
  readonly boxId: BoxId
  readonly entry: Entry
  /** Image pixels. */
  readonly rect: Rect
  /** How sure the model is, 0..1; null = not known. */
  readonly score: number | null
  readonly model: { readonly key: string; readonly name: string; readonly runId: string | null }
  /** Where it was made: in this tab, or by a prelabelling. */
  readonly source: 'browser' | 'server'
  readonly rejected: boolean
}

/** there = a box of the same expression lies at the same place, so there is nothing to decide. */
export type Standing = 'open' | 'there' | 'accepted' | 'rejected'

const known = new WeakMap<readonly Suggested[], { doc: Doc; standings: ReadonlyMap<string, Standing> }>()

/** How each suggestion stands now; worked out once per document. */
export function standings(doc: Doc, suggestions: readonly Suggested[]): ReadonlyMap<string, Standing> {
  const last = known.get(suggestions)
  if (last?.doc === doc) return last.standings
  const found = new Map(suggestions.map((each) => [each.id, standingOf(doc, each)]))
  known.set(suggestions, { doc, standings: found })
  return found
}

function standingOf(doc: Doc, { boxId, entry, rect, rejected }: Suggested): Standing {
  if (doc.boxes.has(boxId)) return 'accepted'
  if (rejected) return 'rejected'
  const expression = expressionByText(doc, entry.text)
  if (!expression) return 'open'
  for (const box of doc.boxes.values()) {
    if (box.expressionIds.includes(expression.id) && isSamePlace(box, rect)) return 'there'
  }
  return 'open'
}

export function isSamePlace(a: Rect, b: Rect): boolean {
  return iou(cornersOf(a), cornersOf(b)) >= SAME_BOX_IOU
}

interface Judged {
  doc: Doc
  suggestions: readonly Suggested[]
}

/** Those that wait for a person, in the order in which they are gone through. */
export function openOnes({ doc, suggestions }: Judged): Suggested[] {
  if (suggestions.length === 0) return []
  const all = standings(doc, suggestions)
  return suggestions.filter(({ id }) => all.get(id) === 'open')
}

/** What open suggestions are about, each once: listed like what was typed without a box yet, so that it has a colour. */
export function suggestedEntries(state: Judged): Entry[] {
  return [...new Map(openOnes(state).map(({ entry }) => [entry.text, entry])).values()]
}

/** The one the keys speak of; null when it was judged or taken back meanwhile. */
export function focusedOne(state: Judged & { focusedSuggestion: string | null }): Suggested | null {
  const { focusedSuggestion } = state
  if (focusedSuggestion === null) return null
  return openOnes(state).find(({ id }) => id === focusedSuggestion) ?? null
}
