import type { Attribute } from '../../../server/contracts/attribute.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { withDefaults } from '../document/attributes.ts'
import { applyChanges, type Change } from '../document/change.ts'
import { boxCounts, type Doc, expressionByText } from '../document/doc.ts'
import type { Entry, Ids } from '../document/edit.ts'
import { type Guards, isHidden, NO_GUARDS } from '../document/guards.ts'
import { randomIds } from '../document/new-id.ts'
import { boxesAt } from '../geometry/hit-test.ts'
import { smallestSize } from '../geometry/rects.ts'
import { fitImage, keepInSight, type Viewport } from '../geometry/viewport.ts'
import { EMPTY_HISTORY, record, redo, type StepName, type Stepped, undo } from '../history/history.ts'
import { rejectedByDeletion } from '../suggestions/merge.ts'
import type { Suggested } from '../suggestions/suggestion.ts'
import { IDLE, type Input, type Step, type Tool } from '../tools/gesture.ts'
import { step } from '../tools/step.ts'
import type { Travelled } from './announcement.ts'
import type { EditorState, Notice } from './state.ts'
import { DEFAULT_VIEW, MAX_LEVEL, MIN_LEVEL, type ViewSettings } from './view-settings.ts'

export interface EditorOptions {
  doc: Doc
  readOnly?: boolean
  active?: Entry | null
  ids?: Ids
  /** Milliseconds; injected for tests. */
  now?: () => number
}

/** Told of every change to the document that has to reach the server; undo and redo included. */
type CommitListener = (changes: readonly Change[]) => void

/**
 * Holds the state of one image's editor and nothing that draws or saves: views subscribe to it, the
 * autosave pump listens to commits.
 */
export class Editor {
  readonly ids: Ids
  private state: EditorState
  private readonly now: () => number
  private readonly views = new Set<() => void>()
  private readonly commits = new Set<CommitListener>()

  constructor({ doc, readOnly = false, active = null, ids = randomIds, now = Date.now }: EditorOptions) {
    this.ids = ids
    this.now = now
    const area = { width: 0, height: 0 }
    this.state = {
      doc,
      history: EMPTY_HISTORY,
      travelled: null,
      tool: doc.boxes.size === 0 && !readOnly ? 'draw' : 'select',
      gesture: IDLE,
      preview: [],
      guides: [],
      selection: [],
      guards: NO_GUARDS,
      suggestions: [],
      focusedSuggestion: null,
      attributes: [],
      active,
      drafts: [],
      unnamed: null,
      relabelling: false,
      view: DEFAULT_VIEW,
      viewport: { scale: 1, x: 0, y: 0, turn: 0 },
      area,
      fitted: true,
      pointer: null,
      hovered: null,
      notice: null,
      readOnly,
    }
  }

  getState = (): EditorState => this.state

  subscribe = (view: () => void): (() => void) => {
    this.views.add(view)
    return () => this.views.delete(view)
  }

  onCommit(listener: CommitListener): () => void {
    this.commits.add(listener)
    return () => this.commits.delete(listener)
  }

  /** Feeds a pointer event to the gesture that is going on. */
  handle(input: Input): void {
    const { state } = this
    const next = step(state.gesture, input, { ...state, snapping: state.view.snapping, ids: this.ids })
    const pointer = input.type === 'cancel' ? state.pointer : input.pointer.image
    const isIdle = next.gesture.at === 'idle'
    const hovered = isIdle && pointer ? (boxesAt(state.doc, pointer, state.guards)[0] ?? null) : null
    const { gesture, preview = [], guides = [] } = next
    this.set({ gesture, preview, guides, pointer, hovered })
    this.take(next)
  }

  /** The pointer left the canvas. */
  leave(): void {
    if (this.state.gesture.at === 'idle') this.set({ pointer: null, hovered: null })
  }

  /** Applies changes as one user step. Nothing happens when there are none. */
  commit(name: StepName, wanted: readonly Change[], mergeKey: string | null = null): boolean {
    if (wanted.length === 0) return false
    if (this.state.readOnly) {
      this.notify({ code: 'readOnly' })
      return false
    }
    const { doc, attributes } = this.state
    // Copies keep what they are copies of; only what is drawn or proposed begins anew.
    const isNew = name === 'draw' || name === 'accept'
    const changes = isNew ? withDefaults(doc, wanted, attributes) : wanted
    const entry = { step: name, changes, at: this.now(), mergeKey }
    const suggestions = rejectedByDeletion(this.state.suggestions, changes)
    this.change(changes, { history: record(this.state.history, entry), suggestions })
    for (const listener of this.commits) listener(changes)
    return true
  }

  undo(): void {
    this.travel(undo(this.state.history, this.state.doc), 'undone')
  }

  redo(): void {
    this.travel(redo(this.state.history, this.state.doc), 'redone')
  }

  /** Takes over what the server has. Not a user step: neither recorded nor sent. */
  receive(changes: readonly Change[]): void {
    if (changes.length > 0) this.change(changes, {})
  }

  select(ids: readonly BoxId[]): void {
    this.set({ selection: ids, relabelling: false, focusedSuggestion: null })
  }

  /** What models propose now. Not a user step: neither recorded nor sent. */
  setSuggestions(
    suggestions: readonly Suggested[],
    focusedSuggestion: string | null = this.state.focusedSuggestion,
  ): void {
    this.set({ suggestions, focusedSuggestion, notice: null })
  }

  /** The keys speak of this suggestion now, and of no box. */
  focusSuggestion(id: string | null): void {
    this.set({ focusedSuggestion: id, selection: [], relabelling: false })
  }

  /** What is hidden is not selected any more: a key must not change what nobody sees. */
  setGuards(guards: Guards): void {
    const { doc, selection } = this.state
    const seen = selection.filter((id) => {
      const box = doc.boxes.get(id)
      return box && !isHidden(guards, doc, box)
    })
    const kept = seen.length === selection.length ? selection : seen
    this.set({ guards, selection: kept, hovered: null, notice: null })
  }

  /** The project's definitions as they are now. */
  setAttributes(attributes: readonly Attribute[]): void {
    const known = this.state.attributes
    if (attributes !== known && attributes.length + known.length > 0) this.set({ attributes })
  }

  setView(view: Partial<ViewSettings>): void {
    this.set({ view: { ...this.state.view, ...view } })
  }

  setTool(tool: Tool): void {
    this.handle({ type: 'cancel' })
    this.set({ tool, unnamed: null, relabelling: false })
  }

  setActive(active: Entry | null): void {
    this.set({ active })
  }

  /** Keeps a typed expression until it has a box; it becomes what the next box answers. */
  addDraft(entry: Entry): void {
    const { doc, drafts } = this.state
    const known = expressionByText(doc, entry.text) || drafts.some((draft) => draft.text === entry.text)
    this.set({ active: entry, drafts: known ? drafts : [...drafts, entry] })
  }

  removeDraft(text: string): void {
    const { drafts, active } = this.state
    this.set({
      drafts: drafts.filter((draft) => draft.text !== text),
      active: active?.text === text ? null : active,
    })
  }

  setUnnamed(unnamed: EditorState['unnamed']): void {
    this.set({ unnamed })
  }

  /** Brightness or contrast, in steps of a hundredth and within what makes sense. */
  setLevel(name: 'brightness' | 'contrast', value: number): void {
    this.setView({ [name]: Math.min(MAX_LEVEL, Math.max(MIN_LEVEL, Math.round(value * 100) / 100)) })
  }

  setRelabelling(relabelling: boolean): void {
    this.set({ relabelling })
  }

  setViewport(viewport: Viewport, fitted = false): void {
    const { doc, area } = this.state
    this.set({ viewport: keepInSight(viewport, doc.image, area), fitted })
  }

  /** The canvas has this many CSS pixels now. */
  setArea(area: Size): void {
    const { doc, fitted, viewport } = this.state
    const { turn } = viewport
    this.set({
      area,
      viewport: fitted ? fitImage(doc.image, area, { turn }) : keepInSight(viewport, doc.image, area),
    })
  }

  notify(notice: Notice | null): void {
    this.set({ notice })
  }

  private take({ commit, select, focus, viewport, drawn, tooSmall }: Step): void {
    if (viewport) this.setViewport(viewport)
    if (commit) this.commit(commit.step, commit.changes)
    if (select) this.select(select)
    if (focus !== undefined) this.focusSuggestion(focus)
    if (drawn) this.set({ unnamed: drawn })
    if (tooSmall) this.notify({ code: 'tooSmall', smallest: smallestSize(this.state.doc.image) })
  }

  private travel({ history, changes, entry }: Stepped, code: Travelled['code']): void {
    this.handle({ type: 'cancel' })
    if (!entry) {
      this.set({ history })
      this.notify({ code: code === 'undone' ? 'nothingToUndo' : 'nothingToRedo' })
      return
    }
    this.change(changes, { history, travelled: { code, step: entry.step } })
    for (const listener of this.commits) listener(changes)
  }

  /** The document after changes, and the session state that has to follow it. */
  private change(changes: readonly Change[], rest: Partial<EditorState>): void {
    const { doc: before, drafts, selection } = this.state
    const doc = applyChanges(before, changes)
    // A phrase whose last box went is kept at hand; one that has become a record is no draft any more.
    const lost = [...before.expressions.values()].filter(
      ({ id, kind }) => kind === 'phrase' && !doc.expressions.has(id) && boxCounts(before).has(id),
    )
    const wanted = [...drafts, ...lost.map(({ kind, text }) => ({ kind, text }))]
    this.set({
      ...rest,
      doc,
      drafts: wanted.filter(
        (draft, place) =>
          !expressionByText(doc, draft.text) &&
          wanted.findIndex((other) => other.text === draft.text) === place,
      ),
      selection: selection.every((id) => doc.boxes.has(id))
        ? selection
        : selection.filter((id) => doc.boxes.has(id)),
      notice: null,
    })
  }

  private set(part: Partial<EditorState>): void {
    this.state = { ...this.state, ...part }
    for (const view of this.views) view()
  }
}
