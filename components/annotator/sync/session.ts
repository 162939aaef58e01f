import type {
  AcceptedRevision,
  AnnotationDocument,
  Expression,
} from '../../../server/contracts/annotation.ts'
import type { ExpressionId } from '../../../server/contracts/ids.ts'
import type { ImageStatus } from '../../../server/contracts/image.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { mergesIn } from '../../../server/grounding/merged-expressions.ts'
import { applyChanges, type Change, recordOf, sameRecord, squashChanges } from '../document/change.ts'
import { type Doc, docFrom } from '../document/doc.ts'
import type { Entry, Ids } from '../document/edit.ts'
import { randomId } from '../document/new-id.ts'
import { Editor } from '../editor/editor.ts'
import { withNamed } from './known.ts'
import { joinPendings, type PendingStore } from './pending-store.ts'
import {
  AutosavePump,
  type Batch,
  type Clock,
  type Pending,
  type Saved,
  type SaveOutcome,
  type SyncState,
} from './pump.ts'
import { type Choice, difference, type Rebased, rebase, resolve } from './rebase.ts'
import { Spared } from './spared.ts'

/** How the image is now, and what became of what this page had sent. */
export interface CaughtUp {
  document: AnnotationDocument
  revision: number
  /** Expressions that became part of another one. */
  merged: Readonly<Record<string, string>>
  /** What changes over the whole project did since, oldest first. */
  bulk: readonly Change[]
  /** Those of the operations asked about that the server has. */
  accepted: readonly string[]
}

export interface SessionOptions {
  image: Size
  document: AnnotationDocument
  /** The one that left the document. */
  revision: number
  readOnly: boolean
  active: Entry | null
  save: (batch: Batch) => Promise<SaveOutcome>
  /** What happened since revision `after`. */
  catchUp: (since: { after: number; operations: string[] }) => Promise<CaughtUp>
  /** The page shows the work up to this revision now. */
  onRevision?: (now: { revision: number; status?: ImageStatus }) => void
  store: PendingStore
  clock?: Clock
  newOperationId?: () => string
  ids?: Ids
  /** Milliseconds; presses in quick succession are one step. */
  now?: () => number
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

const RETRY_MS = 3_000

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
  /** What the server has, as far as this page knows. */
  private theirs: Doc
  private revision: number
  private readonly known = {
    expressions: new Map<ExpressionId, Expression>(),
    merged: new Map<ExpressionId, ExpressionId>(),
    bulk: [] as Change[],
  }
  private readonly spared = new Spared()
  /** Work of ours is in this revision: until `theirs` holds it, nothing may be put on top of `theirs`. */
  private awaited = 0
  private isLooking = false
  /** Revisions are told as they happen: what is missing is on its way. */
  private isFollowing = false
  /** The document shown lacks something of `theirs`. */
  private isBehind = false

  constructor(options: SessionOptions) {
    this.options = options
    this.clock = options.clock ?? browserClock
    const { image, document, readOnly, active, ids, now } = options
    this.revision = options.revision
    this.theirs = docFrom(document, image)
    this.editor = new Editor({ doc: this.theirs, readOnly, active, ids, now })
    this.pump = new AutosavePump({
      save: options.save,
      keep: (pending) => this.keep(pending),
      onState: (sync) => {
        this.set({ sync, postponed: this.state.postponed && sync.at === this.state.sync.at })
        if (sync.at === 'saved' && this.isBehind) this.merge()
      },
      onSaved: (saved, batch) => this.takeSaved(saved, batch),
      onConflict: () => void this.meet(),
      newOperationId: options.newOperationId ?? randomId,
      clock: this.clock,
    })
    this.remember(this.theirs)
    this.editor.onCommit((changes) => {
      this.spared.note(changes, this.editor.getState().doc)
      this.spared.forget(changes)
      for (const { type, after } of changes) {
        if (type === 'expression' && after) this.known.expressions.set(after.id, after as Expression)
      }
      this.pump.push(changes)
    })
    this.editor.subscribe(() => {
      // Not at once: the views hear of a step before the pump has it, and what the pump has not would be taken back.
      if (this.isBehind && this.isAtRest) queueMicrotask(() => this.isBehind && this.merge())
    })
  }

  getState = (): SessionState => this.state

  /** The newest revision that is shown here. */
  get seenRevision(): number {
    return this.revision
  }

  /** What an expression is called, also one that is gone. */
  textOf(id: ExpressionId): string | undefined {
    return (this.editor.getState().doc.expressions.get(id) ?? this.known.expressions.get(id))?.text
  }

  subscribe = (view: () => void): (() => void) => {
    this.views.add(view)
    return () => this.views.delete(view)
  }

  /** Takes up what a closed tab or a dead server left in this browser. Call once. */
  async recover(): Promise<void> {
    const pendings = await this.options.store.claim().catch(() => [])
    if (pendings.length === 0) return
    for (const { expressions = [] } of pendings) {
      for (const expression of expressions) {
        if (!this.known.expressions.has(expression.id)) this.known.expressions.set(expression.id, expression)
      }
    }
    const { sent } = joinPendings(pendings)
    // What was made here since is on top of it.
    const changes = [...sent.flatMap((batch) => batch.changes), ...this.pump.unsaved]
    this.show(withNamed(applyChanges(this.editor.getState().doc, changes), this.known))
    this.pump.resume(sent)
    // What happened before this page was opened tells where merged expressions went.
    const after = Math.min(this.revision, ...pendings.map((pending) => pending.revision ?? this.revision))
    if (after < this.revision) await this.catchUp(after)
  }

  /** Sends now what is waiting. */
  flush(): void {
    this.pump.flush()
  }

  /** Shows what others have done since; leaves alone what is being worked on here. */
  async refresh(): Promise<void> {
    await this.catchUp()
  }

  /** From now on `hear` is called with every revision; false = the connection is broken. */
  follow(isFollowing: boolean): void {
    this.isFollowing = isFollowing
    this.lookForAwaited()
  }

  /** Takes over revisions as they are accepted, one's own included. */
  hear(revisions: readonly AcceptedRevision[], merged: CaughtUp['merged'] = {}): void {
    this.learn(merged)
    for (const { number, operationId, changes, isBulk } of revisions) {
      if (number <= this.revision) continue
      if (number > this.revision + 1) {
        void this.catchUp()
        return
      }
      this.setTheirs(applyChanges(this.theirs, changes), number)
      this.spared.forget(changes)
      if (isBulk) this.known.bulk.push(...changes)
      const sent = this.pump.sentUnder(operationId)
      if (sent) this.adjust(this.differing(sent))
      this.pump.acknowledge([operationId])
    }
    this.merge()
  }

  /** Puts a conflict or a refusal aside, or takes it up again; nothing is saved in the meantime. */
  postpone(postponed: boolean): void {
    this.set({ postponed })
  }

  /** Ends a conflict; asks again when later edits have met something that is not decided yet. */
  decide(choices: ReadonlyMap<string, Choice>): void {
    if (!this.state.rebased) return
    const { changes: contested, behind } = this.pump.contested()
    const rebased = rebase(contested, this.theirs, this.known)
    if (rebased.conflicts.some((conflict) => !choices.has(conflict.id))) {
      this.set({ rebased })
      return
    }
    const changes = resolve(rebased, this.theirs, this.known, choices)
    this.set({ rebased: null })
    this.isBehind = false
    const left = behind.flatMap((batch) => batch.changes)
    this.show(withNamed(applyChanges(this.theirs, [...changes, ...left]), this.known))
    this.pump.restart(changes, behind)
  }

  /** After a refusal: the same once more, in case its reason has gone. */
  retry(): void {
    const { changes, behind } = this.pump.contested()
    this.pump.restart(changes, behind)
  }

  /** After a refusal: gives up what the server does not take and shows what it has. */
  async discardUnsaved(): Promise<void> {
    await this.askServer(this.revision)
    this.show(this.theirs)
    this.pump.restart([])
  }

  /** The batch is there: what the server has now is known without asking, unless others were in between. */
  private takeSaved({ number, revision, status, adjusted = [] }: Saved, batch: Batch): void {
    if (number === this.revision + 1) {
      this.setTheirs(applyChanges(this.theirs, [...batch.changes, ...adjusted]), number)
    }
    // An old answer that comes again tells what everybody has done since, not what was made of the batch.
    if (number === null || number === revision) this.adjust(adjusted)
    this.awaited = Math.max(this.awaited, revision)
    this.options.onRevision?.({ revision: this.revision, status })
    this.merge()
    this.lookForAwaited()
  }

  /** The server settled these otherwise than they were sent: what was made since is on top of that. */
  private adjust(adjusted: readonly Change[]): void {
    this.known.bulk.push(...adjusted)
    for (const [from, into] of mergesIn(adjusted)) this.known.merged.set(from, into)
  }

  /** How the records of a batch that has just been accepted differ from what was sent. */
  private differing({ changes }: Batch): Change[] {
    return squashChanges(changes).flatMap((change) => {
      const now = recordOf(this.theirs, change)
      return sameRecord(change.after, now) ? [] : [{ ...change, before: change.after, after: now } as Change]
    })
  }

  /** The stream of revisions brings what is missing, or we ask for it. */
  private lookForAwaited(): void {
    if (this.revision >= this.awaited) return
    if (!this.isFollowing) void this.catchUp()
    if (this.isLooking) return
    this.isLooking = true
    this.clock.setTimeout(() => {
      this.isLooking = false
      if (this.revision < this.awaited) void this.catchUp()
      this.lookForAwaited()
    }, RETRY_MS)
  }

  /** Asks what happened; without an answer everything stays as it is. */
  private async catchUp(after = this.revision): Promise<void> {
    if (await this.askServer(after).catch(() => false)) this.merge()
  }

  private async askServer(after: number): Promise<boolean> {
    const found = await this.options.catchUp({ after, operations: this.pump.operations })
    this.learn(found.merged)
    this.known.bulk.push(...found.bulk)
    // An answer that was overtaken by others knows less than we do.
    if (found.revision < this.revision) return false
    this.setTheirs(docFrom(found.document, this.options.image), found.revision)
    this.pump.acknowledge(found.accepted)
    return true
  }

  /** Puts our unsaved changes on top of theirs; asks only where both touched the same record. */
  private async meet(): Promise<void> {
    const isThere = await this.askServer(this.revision).then(
      () => true,
      () => false,
    )
    if (isThere) this.ask()
    else this.clock.setTimeout(() => void this.meet(), RETRY_MS)
  }

  private ask(): void {
    const rebased = rebase(this.pump.contested().changes, this.theirs, this.known)
    this.set({ rebased })
    if (rebased.conflicts.length === 0) this.decide(new Map())
  }

  /** Shows theirs with ours on top, as soon as nothing of ours is under way and no gesture is going on. */
  private merge(): void {
    this.isBehind = true
    if (!this.isAtRest || this.revision < this.awaited) return
    if (this.state.sync.at === 'conflict') {
      // Until the server has been asked there is no question yet that could be put anew.
      if (this.state.rebased) this.ask()
      return
    }
    if (!this.pump.isMovable) return
    this.isBehind = false
    const rebased = rebase(this.pump.unsaved, this.theirs, this.known)
    if (rebased.conflicts.length > 0) {
      this.pump.hold()
      this.set({ rebased })
      return
    }
    const changes = resolve(rebased, this.theirs, this.known, new Map())
    const together = applyChanges(this.theirs, changes)
    const orphans = this.spared.orphaned(together, changes.length === 0)
    this.show(applyChanges(together, orphans))
    this.pump.replace(changes)
    if (orphans.length > 0) this.pump.push(orphans)
  }

  private get isAtRest(): boolean {
    return this.editor.getState().gesture.at === 'idle'
  }

  private setTheirs(theirs: Doc, revision: number): void {
    this.theirs = theirs
    this.remember(theirs)
    if (revision === this.revision) return
    this.revision = revision
    this.options.onRevision?.({ revision })
  }

  private remember({ expressions }: Doc): void {
    for (const [id, expression] of expressions) this.known.expressions.set(id, expression)
  }

  private learn(merged: Readonly<Record<string, string>>): void {
    for (const [from, into] of Object.entries(merged)) {
      this.known.merged.set(from as ExpressionId, into as ExpressionId)
    }
  }

  private keep(pending: Pending | null): void {
    const kept = pending && { ...pending, revision: this.revision, expressions: this.namedIn(pending) }
    this.options.store.keep(kept).then(
      () => this.set({ unkept: false }),
      () => this.set({ unkept: pending !== null }),
    )
  }

  private namedIn({ sent, waiting }: Pending): Expression[] {
    const changes: Change[] = [...sent.flatMap((batch) => batch.changes), ...waiting]
    const ids = changes.flatMap(({ type, after }) => (type === 'box' && after ? after.expressionIds : []))
    return [...new Set(ids)].flatMap((id) => this.known.expressions.get(id) ?? [])
  }

  private show(doc: Doc): void {
    this.remember(doc)
    this.editor.receive(difference(this.editor.getState().doc, doc))
  }

  private set(part: Partial<SessionState>): void {
    this.state = { ...this.state, ...part }
    for (const view of this.views) view()
  }
}
