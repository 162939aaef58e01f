'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { PromptLanguage } from '../../server/contracts/project.ts'
import { type StudioAction, useActions } from '../app-shell/actions.ts'
import type { ActionContext } from './actions/action.ts'
import { ACTIONS, runAction } from './actions/registry.ts'
import { useKeys } from './actions/use-keys.ts'
import { listEntries, type ProjectLabel } from './document/entries.ts'
import { useEditor } from './editor/use-editor.ts'
import { BoxesPanel } from './panels/boxes-panel.tsx'
import { ConflictDialog } from './panels/conflict-dialog.tsx'
import { ConversationPanel } from './panels/conversation-panel.tsx'
import { ExpressionsPanel } from './panels/expressions-panel.tsx'
import { NamePopover } from './panels/name-popover.tsx'
import { NoticePill } from './panels/notice-pill.tsx'
import { SelectedPanel } from './panels/selected-panel.tsx'
import { StatusBar } from './panels/status-bar.tsx'
import { Toolbar } from './panels/toolbar.tsx'
import { Canvas } from './stage/canvas.tsx'
import { coloursOf } from './stage/visible-boxes.ts'
import type { Session } from './sync/session.ts'

export interface AnnotatorProps {
  session: Session
  imageUrl: string
  /** Classes of the project, in their order. */
  labels: readonly ProjectLabel[]
  language: PromptLanguage
  revision: number
  /** Null where there is nowhere to go. */
  next: (() => void) | null
  previous: (() => void) | null
  doneAndNext: (() => void) | null
  /** Drawn over the picture and its boxes. */
  overCanvas?: ReactNode
  /** Between the canvas and the editor's own panels. */
  beside?: ReactNode
}

/** The editor of one image: tools, canvas and panels over one session. */
export function Annotator(props: AnnotatorProps) {
  const { session, imageUrl, labels, language, revision, next, previous, doneAndNext } = props
  const { overCanvas, beside } = props
  const { editor } = session
  const doc = useEditor(editor, (state) => state.doc)
  const drafts = useEditor(editor, (state) => state.drafts)
  const entries = useMemo(() => listEntries(doc, drafts, labels), [doc, drafts, labels])
  const colours = useMemo(() => coloursOf(entries), [entries])
  const canvas = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)

  const context = useMemo<ActionContext>(
    () => ({ editor, entries, next, previous, doneAndNext, focusExpressions: () => input.current?.focus() }),
    [editor, entries, next, previous, doneAndNext],
  )
  const { spaceHeld, spaceRef } = useKeys(context, canvas)
  usePaletteActions(context)
  const focusCanvas = () => canvas.current?.focus()
  // The hand is on the keyboard: the next key belongs to the image that has just appeared.
  useEffect(() => {
    if (document.activeElement === document.body) canvas.current?.focus()
  }, [])

  return (
    <div className="flex min-h-0 flex-1">
      <Toolbar context={context} />
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="relative min-h-0 flex-1">
          <Canvas
            editor={editor}
            imageUrl={imageUrl}
            entries={entries}
            spaceHeld={spaceHeld}
            spaceRef={spaceRef}
            canvasRef={canvas}
          />
          {overCanvas}
          <NamePopover editor={editor} entries={entries} onEnd={focusCanvas} />
          <NoticePill editor={editor} />
        </div>
        <StatusBar editor={editor} revision={revision} />
      </div>
      {beside}
      <aside className="flex w-84 shrink-0 flex-col border-border border-l bg-surface">
        <ExpressionsPanel editor={editor} entries={entries} inputRef={input} onChosen={focusCanvas} />
        <SelectedPanel editor={editor} />
        <BoxesPanel editor={editor} colours={colours} />
        <ConversationPanel editor={editor} language={language} />
      </aside>
      <ConflictDialog session={session} />
    </div>
  )
}

/** The same actions in the command palette and on the shortcut sheet. */
function usePaletteActions(context: ActionContext): void {
  const t = useTranslations('annotator')
  const latest = useRef(context)
  useEffect(() => {
    latest.current = context
  })
  const actions = useMemo(
    () =>
      ACTIONS.map(
        ({ name, group, keys }): StudioAction => ({
          name: `annotator.${name}`,
          label: t(`actions.${name}`),
          group: t(`actionGroups.${group}`),
          keys: keys[0],
          ownKeys: true,
          // Nine keys in one entry: the sheet shows them, the palette could not know which is meant.
          isAvailable: keys.length < 9,
          run: () => runAction(name, latest.current),
        }),
      ),
    [t],
  )
  useActions(actions)
}
