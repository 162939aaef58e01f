import type { ImageStatus } from '../../../server/contracts/image.ts'
import { type Change, squashChanges } from '../document/change.ts'
import { adjustWaiting } from './adjust.ts'

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
}

export const NOTHING_PENDING: Pending = { sent: [], waiting: [] }

export type SaveOutcome =
  | {
      kind: 'saved'
      revision: number
      status: ImageStatus
      /** Records that the server settled otherwise than they were sent; `before` is what was sent. */
      adjusted?: readonly Change[]
    }
  /** Someone else changed the same records; nothing of the batch was applied. */
  | { kind: 'conflict' }
  /** The server will never take it: the message says why. */
  | { kind: 'refused'; message: string }
  /** No answer, or a server in trouble: worth trying again. */
  | { kind: 'unreachable' }

export type SyncState =
  | { at: 'saved' }
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
  onSaved: (saved: Extract<SaveOutcome, { kind: 'saved' }>) => void
  /** The pump stands still until `restart`. */
  onConflict: () => void
  newOperationId: () => string
  clock: Clock
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

  /** Goes on with what another tab or an earlier visit left behind, under the ids it was sent with. */
  resume(pending: Pending): void {
    this.setPending(pending)
    this.send()
  }

  /** After a conflict or a refusal: everything that was pending is replaced by this. */
  restart(changes: readonly Change[]): void {
    this.failures = 0
    this.setPending({ sent: [], waiting: squashChanges(changes) })
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
    this.take(outcome)
  }

  private take(outcome: SaveOutcome): void {
    switch (outcome.kind) {
      case 'saved':
        this.failures = 0
        this.setPending({
          sent: this.pending.sent.slice(1),
          waiting: adjustWaiting(this.pending.waiting, outcome.adjusted ?? []),
        })
        this.options.onSaved(outcome)
        this.send()
        break
      case 'unreachable':
        this.failures += 1
        this.rest('offline')
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
    const batch = { operationId: this.options.newOperationId(), changes: this.pending.waiting }
    this.setPending({ sent: [batch], waiting: [] })
    return batch
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
