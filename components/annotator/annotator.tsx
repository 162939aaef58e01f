'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { Attribute } from '../../server/contracts/attribute.ts'
import type { PromptLanguage } from '../../server/contracts/project.ts'
import { type StudioAction, useActions } from '../app-shell/actions.ts'
import type { ActionContext, ImageWays } from './actions/action.ts'
import { ACTIONS, isOffered, type Keymap, runAction } from './actions/registry.ts'
import { useKeys, usePaste } from './actions/use-keys.ts'
import { browserClipboard } from './clipboard/store.ts'
import { type ListedEntry, listEntries, type ProjectLabel } from './document/entries.ts'
import type { Editor } from './editor/editor.ts'
import { useCarriedView } from './editor/use-carried-view.ts'
import { useEditor } from './editor/use-editor.ts'
import { useLatest } from './editor/use-latest.ts'
import { useKeymap } from './keymap/use-keymap.ts'
import { Announcer } from './panels/announcer.tsx'
import { BoxesPanel } from './panels/boxes-panel.tsx'
import { ConflictDialog } from './panels/conflict-dialog.tsx'
import { ConversationPanel } from './panels/conversation-panel.tsx'
import { ExpressionsPanel } from './panels/expressions-panel.tsx'
import { NamePopover } from './panels/name-popover.tsx'
import { type Note, NotePanel } from './panels/note-panel.tsx'
import { NoticePill } from './panels/notice-pill.tsx'
import { SelectedPanel } from './panels/selected-panel.tsx'
import { ShortcutsDialog } from './panels/shortcuts-dialog.tsx'
import { StatusBar } from './panels/status-bar.tsx'
import { SuggestionsPanel } from './panels/suggestions-panel.tsx'
import { Toolbar } from './panels/toolbar.tsx'
import { Canvas } from './stage/canvas.tsx'
import { coloursOf } from './stage/visible-boxes.ts'
import { suggestedEntries } from './suggestions/suggestion.ts'
import type { Session } from './sync/session.ts'

export interface AnnotatorProps {
  session: Session
  imageUrl: string
  /** Classes of the project, in their order. */
  labels: readonly ProjectLabel[]
  /** What the project asks of boxes, in its order. */
  attributes: readonly Attribute[]
  language: PromptLanguage
  revision: number
  /** What can be done with the image as a whole. */
  ways: ImageWays
  note: Note
  /** Drawn over the picture and its boxes. */
  overCanvas?: ReactNode
  /** Between the canvas and the editor's own panels. */
  beside?: ReactNode
  /** Which model is asked for boxes, and what it is doing. */
  modelBar?: ReactNode
}

/** The editor of one image: tools, canvas and panels over one session. */
export function Annotator(props: AnnotatorProps) {
  const { session, imageUrl, labels, attributes, language, revision, ways } = props
  const { note, overCanvas, beside, modelBar } = props
  const { editor } = session
  const doc = useEditor(editor, (state) => state.doc)
  const drafts = useEditor(editor, (state) => state.drafts)
  const suggestions = useEditor(editor, (state) => state.suggestions)
  const entries = useMemo(() => {
    const typed = new Set(drafts.map(({ text }) => text))
    const suggested = suggestedEntries({ doc, suggestions }).filter(({ text }) => !typed.has(text))
    return listEntries(doc, [...drafts, ...suggested], labels)
  }, [doc, drafts, suggestions, labels])
  const colours = useColours(entries)
  const canvas = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const noteInput = useRef<HTMLTextAreaElement>(null)
  const attributeFields = useRef<HTMLFieldSetElement>(null)
  const [editsShortcuts, setEditsShortcuts] = useState(false)
  const keymap = useKeymap()
  useCarriedView(editor)
  useEffect(() => editor.setAttributes(attributes), [editor, attributes])

  const context = useMemo<ActionContext>(
    () => ({
      editor,
      entries,
      clipboard: browserClipboard,
      ...ways,
      focusExpressions: () => input.current?.focus(),
      focusNote: () => noteInput.current?.focus(),
      focusAttributes: () =>
        attributeFields.current?.querySelector<HTMLElement>('button:enabled, input:enabled')?.focus(),
      editShortcuts: () => setEditsShortcuts(true),
    }),
    [editor, entries, ways],
  )
  const { spaceHeld, spaceRef } = useKeys(context, keymap, canvas)
  usePaste(context)
  usePaletteActions(context, keymap, ways)
  const focusCanvas = () => canvas.current?.focus()
  useFocusOnImage(editor, canvas)

  return (
    <div className="flex min-h-0 flex-1">
      <Toolbar context={context} keymap={keymap} />
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="relative min-h-0 flex-1">
          <Canvas
            editor={editor}
            imageUrl={imageUrl}
            colours={colours}
            spaceHeld={spaceHeld}
            spaceRef={spaceRef}
            canvasRef={canvas}
          />
          {overCanvas}
          <NamePopover key={imageUrl} editor={editor} entries={entries} onEnd={focusCanvas} />
          <NoticePill editor={editor} />
          <Announcer editor={editor} />
        </div>
        <StatusBar editor={editor} revision={revision} />
      </div>
      {beside}
      <aside className="flex w-84 shrink-0 flex-col border-border border-l bg-surface">
        <ExpressionsPanel
          editor={editor}
          imageUrl={imageUrl}
          entries={entries}
          inputRef={input}
          onChosen={focusCanvas}
          finder={ways.finder}
          modelBar={modelBar}
        />
        <SelectedPanel
          key={`selected ${imageUrl}`}
          editor={editor}
          attributesRef={attributeFields}
          onLeave={focusCanvas}
        />
        <SuggestionsPanel editor={editor} colours={colours} />
        <BoxesPanel editor={editor} colours={colours} />
        <NotePanel key={`note ${imageUrl}`} note={note} inputRef={noteInput} />
        <ConversationPanel editor={editor} language={language} />
      </aside>
      <ConflictDialog session={session} />
      <ShortcutsDialog open={editsShortcuts} onOpenChange={setEditsShortcuts} />
    </div>
  )
}

/** The hand is on the keyboard: the next key belongs to the image that has just appeared, not to a button beside it. */
function useFocusOnImage(editor: Editor, canvas: RefObject<HTMLElement | null>): void {
  const shown = useRef<Editor | null>(null)
  useEffect(() => {
    const { activeElement } = document
    const isFree =
      activeElement === document.body ||
      (shown.current !== null && !activeElement?.closest('[role="dialog"]'))
    if (isFree && shown.current !== editor) canvas.current?.focus()
    shown.current = editor
  }, [editor, canvas])
}

/** The same map as long as no colour changes, since everything that is drawn hangs on it. */
function useColours(entries: readonly ListedEntry[]): ReadonlyMap<string, string> {
  const key = entries.map(({ text, colour }) => `${text} ${colour}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that counts of the entries
  return useMemo(() => coloursOf(entries), [key])
}

/** The same actions in the command palette and on the shortcut sheet, with the keys that count now. */
function usePaletteActions(context: ActionContext, keymap: Keymap, ways: ImageWays): void {
  const t = useTranslations('annotator')
  const latest = useLatest(context)
  // With every image come other ways of the same kinds: the lists that show them need not be made anew.
  const offered = ACTIONS.filter((action) => isOffered(action, ways))
  const key = offered.map(({ name }) => name).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that counts of what is offered
  const actions = useMemo(
    () =>
      offered.map(
        ({ name, group, digits }): StudioAction => ({
          name: `annotator.${name}`,
          label: t(`actions.${name}`),
          group: t(`actionGroups.${group}`),
          keys: keymap.get(name)?.[0],
          ownKeys: true,
          // Nine keys in one entry: the sheet shows them, the palette could not know which is meant.
          isAvailable: !digits,
          run: () => runAction(name, latest.current),
        }),
      ),
    [t, keymap, key, latest],
  )
  useActions(actions)
}
