import type { AnnotationDocument } from '../../../server/contracts/annotation.ts'
import type { ImageStatus } from '../../../server/contracts/image.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { applyChanges, type Change } from '../document/change.ts'
import { type Doc, docFrom } from '../document/doc.ts'
import type { Entry } from '../document/edit.ts'
import { randomId } from '../document/new-id.ts'
import { Editor } from '../editor/editor.ts'
import { adjustShown } from './adjust.ts'
import { joinPendings, type PendingStore } from './pending-store.ts'
import { AutosavePump, type Batch, type Clock, type SaveOutcome, type SyncState } from './pump.ts'
import { type Choice, difference, type Rebased, rebase, resolve } from './rebase.ts'

export interface SessionOptions {
  image: Size
  document: AnnotationDocument
  readOnly: boolean
  active: Entry | null
  save: (batch: Batch) => Promise<SaveOutcome>
  /** What the server has now. */
  reload: () => Promise<AnnotationDocument>
  onSaved?: (saved: { revision: number; status: ImageStatus }) => void
  store: PendingStore
  clock?: Clock
  newOperationId?: () => string
}

export interface SessionState {
  sync: SyncState
  /** Not null while a person has to choose between two sides. */
  rebased: Rebased | null
  /** The question stands, but the person wants to look at the image first. */
  postponed: boolean
  /** The browser would not keep unsaved work; closing the tab now may lose it. */
  unkept: boolean
}

const RELOAD_RETRY_MS = 3_000

const browserClock: Clock = {
  setTimeout: (run, milliseconds) => window.setTimeout(run, milliseconds),
  clearTimeout: (timer) => window.clearTimeout(timer as number | undefined),
}

/** One image while it is worked on: its editor, its autosave, and what happens when two people meet. */
export class Session {
  readonly editor: Editor
  private readonly options: SessionOptions
  private readonly clock: Clock
  private readonly pump: AutosavePump
  private readonly views = new Set<() => void>()
  private state: SessionState = { sync: { at: 'saved' }, rebased: null, postponed: false, unkept: false }
  /** What `rebased` was computed against. */
  private theirs: Doc
  /** There may be more on the server than what is shown: to be asked for once all is saved. */
  private isBehind = false

  constructor(options: SessionOptions) {
    this.options = options
    this.clock = options.clock ?? browserClock
    const { image, document, readOnly, active } = options
    this.theirs = docFrom(document, image)
    this.editor = new Editor({ doc: this.theirs, readOnly, active })
    this.pump = new AutosavePump({
      save: options.save,
      keep: (pending) => {
        options.store.keep(pending).then(
          () => this.set({ unkept: false }),
          () => this.set({ unkept: pending !== null }),
        )
      },
      onState: (sync) =>
        this.set({ sync, postponed: this.state.postponed && sync.at === this.state.sync.at }),
      onSaved: (saved) => {
        this.takeOver(saved.adjusted ?? [])
        options.onSaved?.(saved)
      },
      onConflict: () => void this.meet(),
      newOperationId: options.newOperationId ?? randomId,
      clock: this.clock,
    })
    this.editor.onCommit((changes) => this.pump.push(changes))
  }

  getState = (): SessionState => this.state

  subscribe = (view: () => void): (() => void) => {
    this.views.add(view)
    return () => this.views.delete(view)
  }

  /** Takes up what a closed tab or a dead server left in this browser. Call once. */
  async recover(): Promise<void> {
    const pendings = await this.options.store.claim().catch(() => [])
    if (pendings.length === 0) return
    const pending = joinPendings(pendings)
    this.isBehind = true
    const changes = pending.sent.flatMap((batch) => batch.changes)
    this.editor.receive(
      difference(this.editor.getState().doc, applyChanges(this.editor.getState().doc, changes)),
    )
    this.pump.resume(pending)
  }

  /** Sends now what is waiting. */
  flush(): void {
    this.pump.flush()
  }

  /** Shows what others have done since; leaves alone what is being worked on here. */
  async refresh(): Promise<void> {
    const isIdle = () => this.state.sync.at === 'saved' && this.editor.getState().gesture.at === 'idle'
    if (!isIdle()) return
    const document = await this.options.reload().catch(() => null)
    if (document && isIdle()) this.receive(docFrom(document, this.options.image))
  }

  /** Puts a conflict or a refusal aside, or takes it up again; nothing is saved in the meantime. */
  postpone(postponed: boolean): void {
    this.set({ postponed })
  }

  /** Ends a conflict; asks again when later edits have met something that is not decided yet. */
  decide(choices: ReadonlyMap<string, Choice>): void {
    if (!this.state.rebased) return
    const rebased = rebase(this.pump.unsaved, this.editor.getState().doc, this.theirs)
    if (rebased.conflicts.some((conflict) => !choices.has(conflict.id))) {
      this.set({ rebased })
      return
    }
    const changes = resolve(rebased, this.theirs, choices)
    this.set({ rebased: null })
    this.receive(applyChanges(this.theirs, changes))
    this.pump.restart(changes)
  }

  /** After a refusal: the same once more, in case its reason has gone. */
  retry(): void {
    this.pump.restart(this.pump.unsaved)
  }

  /** After a refusal: gives up what the server does not take and shows what it has. */
  async discardUnsaved(): Promise<void> {
    const document = await this.options.reload()
    this.receive(docFrom(document, this.options.image))
    this.pump.restart([])
  }

  /** Puts our unsaved changes on top of theirs; asks only where both touched the same record. */
  private async meet(): Promise<void> {
    const document = await this.options.reload().catch(() => null)
    if (!document) {
      this.clock.setTimeout(() => void this.meet(), RELOAD_RETRY_MS)
      return
    }
    this.theirs = docFrom(document, this.options.image)
    const rebased = rebase(this.pump.unsaved, this.editor.getState().doc, this.theirs)
    this.set({ rebased, postponed: false })
    if (rebased.conflicts.length === 0) this.decide(new Map())
  }

  /** Shows what the server made of a batch, and soon all else that was done to the image meanwhile. */
  private takeOver(adjusted: readonly Change[]): void {
    if (adjusted.length === 0) return
    this.editor.receive(adjustShown(this.editor.getState().doc, adjusted))
    this.isBehind = true
  }

  private receive(doc: Doc): void {
    this.editor.receive(difference(this.editor.getState().doc, doc))
  }

  private set(part: Partial<SessionState>): void {
    const before = this.state
    this.state = { ...before, ...part }
    // What was recovered may have been saved long ago and changed by others since; a project-wide change met us.
    if (this.isBehind && before.sync.at !== 'saved' && this.state.sync.at === 'saved') {
      this.isBehind = false
      void this.refresh()
    }
    for (const view of this.views) view()
  }
}
