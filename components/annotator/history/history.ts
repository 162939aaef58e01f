import {
  applyChanges,
  type Change,
  invertChanges,
  recordOf,
  sameRecord,
  squashChanges,
} from '../document/change.ts'
import { boxCounts, type Doc } from '../document/doc.ts'

/** Names of user steps; keys of the catalogue under `annotator.steps`. */
export type StepName =
  | 'draw'
  | 'move'
  | 'resize'
  | 'nudge'
  | 'edit'
  | 'delete'
  | 'duplicate'
  | 'cut'
  | 'paste'
  | 'copyPrevious'
  | 'relabel'
  | 'answer'
  | 'negative'
  | 'rename'
  | 'kind'
  | 'attribute'
  | 'restore'
  | 'accept'

/** One user step: what undo takes back at once. */
export interface HistoryEntry {
  readonly step: StepName
  readonly changes: readonly Change[]
  /** Milliseconds; steps of one kind in quick succession become one. */
  readonly at: number
  /** Steps merge only when these are equal; null = never. */
  readonly mergeKey: string | null
}

/** Every step of the session: one holds only the records it touched. */
export interface History {
  readonly undo: readonly HistoryEntry[]
  readonly redo: readonly HistoryEntry[]
}

export const EMPTY_HISTORY: History = { undo: [], redo: [] }

/** Presses of an arrow key closer together than this are one step. */
const MERGE_MS = 800

/** Selecting is not recorded, hence never clears redo; a new step does. */
export function record(history: History, entry: HistoryEntry): History {
  const last = history.undo.at(-1)
  const merges =
    last && entry.mergeKey !== null && last.mergeKey === entry.mergeKey && entry.at - last.at < MERGE_MS
  if (!merges) return { undo: [...history.undo, entry], redo: [] }
  const changes = squashChanges([...last.changes, ...entry.changes])
  return { undo: [...history.undo.slice(0, -1), { ...entry, changes }], redo: [] }
}

export interface Stepped {
  history: History
  /** What to apply to the document; empty = there was nothing to go back to. */
  changes: readonly Change[]
  entry: HistoryEntry | null
}

export function undo(history: History, doc: Doc): Stepped {
  return back(history, doc, 'undo')
}

export function redo(history: History, doc: Doc): Stepped {
  return back(history, doc, 'redo')
}

/**
 * Goes one step, past steps without effect. Records that someone else has changed since are left as
 * they are: undo takes back one's own work, never another person's.
 */
function back(history: History, doc: Doc, direction: 'undo' | 'redo'): Stepped {
  const other = direction === 'undo' ? 'redo' : 'undo'
  let { [direction]: from, [other]: to } = history
  for (;;) {
    const entry = from.at(-1)
    if (!entry) return { history: { ...history, [direction]: from, [other]: to }, changes: [], entry: null }
    from = from.slice(0, -1)
    const wanted = direction === 'undo' ? invertChanges(entry.changes) : [...entry.changes]
    const changes = playable(doc, wanted)
    if (changes.length === 0) continue
    // The way back holds what is really taken, so that it can be returned exactly.
    const taken = direction === 'undo' ? invertChanges(changes) : changes
    to = [...to, { ...entry, changes: taken, mergeKey: null }]
    return { history: { ...history, [direction]: from, [other]: to } as History, changes, entry }
  }
}

/**
 * The changes whose `before` is what is there, and which leave no box without its expressions: one
 * that someone else gave a box in the meantime stays.
 */
function playable(doc: Doc, changes: readonly Change[]): Change[] {
  const possible = changes.filter((change) => sameRecord(recordOf(doc, change), change.before))
  const after = applyChanges(doc, possible)
  const used = boxCounts(after)
  return possible.filter((change) => {
    if (change.type === 'expression') return change.after !== null || !used.has(change.id)
    return change.after === null || change.after.expressionIds.every((id) => after.expressions.has(id))
  })
}
