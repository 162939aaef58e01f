import type { Expression } from '../../../server/contracts/annotation.ts'
import type { ImageStatus } from '../../../server/contracts/image.ts'
import { type Change, sameRecord, squashChanges } from '../document/change.ts'

/** One save: the server knows it by its id, so that sending it again after a lost answer is harmless. */
export interface Batch {
  readonly operationId: string
  readonly changes: readonly Change[]
}

/** What has not reached the server. Kept in the browser's database, so that a closed tab loses nothing. */
export interface Pending {
  /** Sent at least once, without an answer; in order. */
  readonly sent: readonly Batch[]
  /** Made since; one change a record. */
  readonly waiting: readonly Change[]
  /** Newest revision that this page knew of. Missing in what an earlier version of the studio left. */
  readonly revision?: number
  /** The expressions that boxes in here name, as the page last saw them: somebody may delete them meanwhile. */
  readonly expressions?: readonly Expression[]
}

export const NOTHING_PENDING: Pending = { sent: [], waiting: [] }

export interface Saved {
  kind: 'saved'
  /** Number of the image's newest revision. */
  revision: number
  /** The revision that holds the batch; null = there was nothing to change any more. */
  number: number | null
  status: ImageStatus
  /** Records that the server settled otherwise than they were sent. */
  adjusted?: readonly Change[]
}

/** Why a server that answers cannot save; the work stays here until it can. */
export type StorageProblem = 'diskFull' | 'diskQuota' | 'dataReadOnly' | 'dataForbidden'

export type SaveOutcome =
  | Saved
  /** Someone else changed the same records; nothing of the batch was applied. */
  | { kind: 'conflict' }
  /** The server will never take it: the message says why. */
  | { kind: 'refused'; message: string }
  /** No answer, or a server in trouble: worth trying again. */
  | { kind: 'unreachable' }
  /** It cannot write: worth trying again, and worth saying why. */
  | { kind: 'storage'; problem: StorageProblem }

export type SyncState =
  | { at: 'saved' }
  | { at: 'storage'; changes: number; problem: StorageProblem }
  | { at: 'waiting' | 'saving' | 'offline' | 'conflict'; changes: number }
  | { at: 'refused'; changes: number; message: string }

export interface Clock {
  setTimeout: (run: () => void, milliseconds: number) => unknown
  clearTimeout: (timer: unknown) => void
}

export interface PumpOptions {
  save: (batch: Batch) => Promise<SaveOutcome>
  /** Called with every change of what is pending; null = nothing any more. */
  keep: (pending: Pending | null) => void
  onState: (state: SyncState) => void
  /** The batch is on the server. What is still waiting may be replaced from here. */
  onSaved: (saved: Saved, batch: Batch) => void
  /** The pump stands still until `restart`. */
  onConflict: () => void
  newOperationId: () => string
  clock: Clock
}

/** What a person has to be asked about, and what stays in the queue behind it. */
export interface Contested {
  readonly changes: readonly Change[]
  /** Work of other tabs, which was made without knowing of this. */
  readonly behind: readonly Batch[]
}

/** Long enough to gather a burst of key presses, short enough to be on the server within a second. */
export const DEBOUNCE_MS = 350
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000

/** Sends changes to the server, one save at a time, the latest state of each record winning. */
export class AutosavePump {
  private readonly options: PumpOptions
  private pending: Pending = NOTHING_PENDING
  private timer: unknown = null
  private running = false
  private failures = 0
  private current: SyncState = { at: 'saved' }

  constructor(options: PumpOptions) {
    this.options = options
  }

  get state(): SyncState {
    return this.current
  }

  /** All that is not on the server yet, one change a record. */
  get unsaved(): Change[] {
    return squashChanges([...this.pending.sent.flatMap((batch) => batch.changes), ...this.pending.waiting])
  }

  /** Ids of the batches whose fate is not known. */
  get operations(): string[] {
    return this.pending.sent.map((batch) => batch.operationId)
  }

  sentUnder(operationId: string): Batch | undefined {
    return this.pending.sent.find((batch) => batch.operationId === operationId)
  }

  /** What is pending may be put on another base: no part of it is on its way to the server. */
  get isMovable(): boolean {
    return this.pending.sent.length === 0 && !this.running
  }

  /** Everything that is pending, unless it comes from tabs that did not know of each other: then the first part. */
  contested(): Contested {
    const { sent, waiting } = this.pending
    const place = firstUnrelated(sent)
    if (place === sent.length) return { changes: this.unsaved, behind: [] }
    return {
      changes: squashChanges(sent.slice(0, place).flatMap((batch) => batch.changes)),
      behind: waiting.length > 0 ? [...sent.slice(place), this.batchOf(waiting)] : sent.slice(place),
    }
  }

  push(changes: readonly Change[]): void {
    this.setPending({ ...this.pending, waiting: squashChanges([...this.pending.waiting, ...changes]) })
    switch (this.current.at) {
      case 'saved':
      case 'waiting':
        this.rest('waiting')
        this.later(DEBOUNCE_MS)
        break
      default:
        // Under way, or standing still for a reason that new changes do not lift.
        this.show({ ...this.current, changes: this.count() })
    }
  }

  /** Sends now: before the page is hidden, when the network is back. */
  flush(): void {
    if (this.running || this.current.at === 'conflict' || this.current.at === 'refused') return
    this.send()
  }

  /**
   * Goes on with what another tab or an earlier visit left behind, under the ids it was sent with. What was
   * made here meanwhile comes after it.
   */
  resume(left: readonly Batch[]): void {
    this.setPending({ ...this.pending, sent: [...left, ...this.pending.sent] })
    this.flush()
  }

  /** These have been accepted, as is known from elsewhere than the answer, which may never come. */
  acknowledge(operations: readonly string[]): void {
    const sent = this.pending.sent.filter((batch) => !operations.includes(batch.operationId))
    if (sent.length === this.pending.sent.length) return
    this.setPending({ ...this.pending, sent })
    const { at } = this.current
    if (!this.running && (at === 'offline' || at === 'storage')) this.send()
  }

  /** Puts what is waiting on another base. Only while `isMovable`. */
  replace(changes: readonly Change[]): void {
    this.setPending({ sent: [], waiting: squashChanges(changes) })
    if ('changes' in this.current) this.show({ ...this.current, changes: this.count() })
  }

  /** A question has come up without the server having been asked. */
  hold(): void {
    this.cancelTimer()
    this.rest('conflict')
  }

  /** After a conflict or a refusal: this takes the place of everything that was pending and is not behind it. */
  restart(changes: readonly Change[], behind: readonly Batch[] = []): void {
    this.failures = 0
    const decided = squashChanges(changes)
    if (behind.length === 0) this.setPending({ sent: [], waiting: decided })
    else
      this.setPending({
        sent: [...(decided.length > 0 ? [this.batchOf(decided)] : []), ...behind],
        waiting: [],
      })
    this.send()
  }

  private async send(): Promise<void> {
    this.cancelTimer()
    const batch = this.nextBatch()
    if (!batch) {
      this.show({ at: 'saved' })
      return
    }
    this.running = true
    // A failing server is not announced as "saving" every few seconds.
    if (this.failures === 0) this.rest('saving')
    const outcome = await this.options.save(batch).catch((): SaveOutcome => ({ kind: 'unreachable' }))
    this.running = false
    this.take(outcome, batch)
  }

  private take(outcome: SaveOutcome, batch: Batch): void {
    const isKnown = !this.operations.includes(batch.operationId)
    switch (outcome.kind) {
      case 'saved':
        this.failures = 0
        this.setPending({
          ...this.pending,
          sent: this.pending.sent.filter((other) => other.operationId !== batch.operationId),
        })
        this.options.onSaved(outcome, batch)
        if (this.current.at !== 'conflict') this.send()
        break
      case 'unreachable':
      case 'storage':
        // It has been heard of as accepted while its answer was lost.
        if (isKnown) {
          this.send()
          break
        }
        this.failures += 1
        if (outcome.kind === 'unreachable') this.rest('offline')
        else this.show({ at: 'storage', changes: this.count(), problem: outcome.problem })
        this.later(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1)))
        break
      case 'conflict':
        this.rest('conflict')
        this.options.onConflict()
        break
      case 'refused':
        this.show({ at: 'refused', changes: this.count(), message: outcome.message })
        break
    }
  }

  private nextBatch(): Batch | undefined {
    const [first] = this.pending.sent
    if (first || this.pending.waiting.length === 0) return first
    const batch = this.batchOf(this.pending.waiting)
    this.setPending({ sent: [batch], waiting: [] })
    return batch
  }

  private batchOf(changes: readonly Change[]): Batch {
    return { operationId: this.options.newOperationId(), changes }
  }

  private setPending(pending: Pending): void {
    this.pending = pending
    const isEmpty = pending.sent.length === 0 && pending.waiting.length === 0
    this.options.keep(isEmpty ? null : pending)
  }

  private rest(at: 'waiting' | 'saving' | 'offline' | 'conflict'): void {
    this.show({ at, changes: this.count() })
  }

  private show(state: SyncState): void {
    this.current = state
    this.options.onState(state)
  }

  private count(): number {
    return this.unsaved.length
  }

  private later(milliseconds: number): void {
    this.cancelTimer()
    this.timer = this.options.clock.setTimeout(() => this.send(), milliseconds)
  }

  private cancelTimer(): void {
    this.options.clock.clearTimeout(this.timer)
    this.timer = null
  }
}

/** Place of the first batch that changes a record from another state than the ones before it left. */
function firstUnrelated(batches: readonly Batch[]): number {
  const left = new Map<string, Change['after']>()
  for (const [place, batch] of batches.entries()) {
    for (const { id, before } of batch.changes) {
      const known = left.get(id)
      if (known !== undefined && !sameRecord(known, before)) return place
    }
    for (const { id, after } of batch.changes) left.set(id, after)
  }
  return batches.length
}
