import type { AnnotationDocument } from '../../../server/contracts/annotation.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { applyChanges, recordOf, sameRecord } from '../document/change.ts'
import { boxCounts, type Doc, docFrom, toDocument } from '../document/doc.ts'
import type { Batch, Clock, SaveOutcome } from '../sync/pump.ts'
import type { CaughtUp } from '../sync/session.ts'

/** The far end of the network: takes batches by the rule of the real server, loses answers on demand. */
export class FakeServer {
  doc: Doc
  revision = 0
  /** The number of each accepted operation. */
  readonly known = new Map<string, number>()
  /** up; down = nothing arrives; deaf = it is saved but the answer is lost. */
  network: 'up' | 'down' | 'deaf' = 'up'

  constructor(document: AnnotationDocument, image: Size) {
    this.doc = docFrom(document, image)
  }

  save = async ({ operationId, changes }: Batch): Promise<SaveOutcome> => {
    if (this.network === 'down') return { kind: 'unreachable' }
    const outcome = this.known.has(operationId) ? this.saved(operationId) : this.play(operationId, changes)
    return this.network === 'deaf' ? { kind: 'unreachable' } : outcome
  }

  catchUp = async ({ operations }: { operations: string[] }): Promise<CaughtUp> => {
    if (this.network === 'down') throw new Error('no network')
    const accepted = operations.filter((operation) => this.known.has(operation))
    return { document: toDocument(this.doc), revision: this.revision, merged: {}, bulk: [], accepted }
  }

  private play(operationId: string, changes: Batch['changes']): SaveOutcome {
    let next = this.doc
    for (const change of changes) {
      const now = recordOf(next, change)
      if (sameRecord(now, change.after)) continue
      if (!sameRecord(now, change.before)) return { kind: 'conflict' }
      next = applyChanges(next, [change])
    }
    const texts = [...next.expressions.values()].map((expression) => expression.text)
    const dangling = [...boxCounts(next).keys()].some((id) => !next.expressions.has(id))
    if (dangling || new Set(texts).size < texts.length) return { kind: 'conflict' }
    this.doc = next
    this.revision += 1
    this.known.set(operationId, this.revision)
    return this.saved(operationId)
  }

  private saved(operationId: string): SaveOutcome {
    const number = this.known.get(operationId) ?? null
    return { kind: 'saved', revision: this.revision, number, status: 'in_work' }
  }
}

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  private now = 0
  private timers: { due: number; run: () => void }[] = []

  setTimeout = (run: () => void, milliseconds: number): unknown => {
    const timer = { due: this.now + milliseconds, run }
    this.timers.push(timer)
    return timer
  }

  clearTimeout = (timer: unknown): void => {
    this.timers = this.timers.filter((other) => other !== timer)
  }

  /** Lets time pass, with all promises settled before and after every timer. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds
    await settled()
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
      if (!next) break
      this.now = next.due
      this.clearTimeout(next)
      next.run()
      await settled()
    }
    this.now = end
  }
}

/** All promise reactions that are ready have run: a macrotask comes after every microtask. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
