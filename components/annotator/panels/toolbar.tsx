'use client'

import { Hand, Maximize, MousePointer2, Redo2, SquareDashed, Undo2, ZoomIn, ZoomOut } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import type { ActionContext } from '../actions/action.ts'
import { type ActionName, actionNamed, runAction } from '../actions/registry.ts'
import { useEditor } from '../editor/use-editor.ts'
import type { Tool } from '../tools/gesture.ts'

const TOOLS: readonly { name: ActionName; tool: Tool; icon: ReactNode }[] = [
  { name: 'selectTool', tool: 'select', icon: <MousePointer2 /> },
  { name: 'drawTool', tool: 'draw', icon: <SquareDashed /> },
  { name: 'panTool', tool: 'pan', icon: <Hand /> },
]

const VIEW: readonly { name: ActionName; icon: ReactNode }[] = [
  { name: 'undo', icon: <Undo2 /> },
  { name: 'redo', icon: <Redo2 /> },
  { name: 'zoomIn', icon: <ZoomIn /> },
  { name: 'zoomOut', icon: <ZoomOut /> },
  { name: 'fit', icon: <Maximize /> },
  { name: 'actualSize', icon: <span className="font-semibold text-xs">1:1</span> },
]

/** The tools and a few actions, from the same registry as the shortcuts. */
export function Toolbar({ context }: { context: ActionContext }) {
  const t = useTranslations('annotator')
  const { editor } = context
  const tool = useEditor(editor, (state) => state.tool)
  // Undo and redo change with these two.
  useEditor(editor, (state) => state.history)
  const readOnly = useEditor(editor, (state) => state.readOnly)

  const button = (name: ActionName, icon: ReactNode, pressed?: boolean) => (
    <IconButton
      key={name}
      size="lg"
      tooltipSide="right"
      label={t(`actions.${name}`)}
      shortcut={actionNamed(name).keys[0]}
      icon={icon}
      pressed={pressed}
      disabled={!actionNamed(name).isAvailable(editor.getState(), context)}
      onClick={() => runAction(name, context)}
    />
  )
  return (
    <div
      role="toolbar"
      aria-label={t('tools')}
      aria-orientation="vertical"
      className="flex w-12 shrink-0 flex-col items-center gap-1 border-border border-r bg-surface py-2"
    >
      {TOOLS.filter((each) => each.tool !== 'draw' || !readOnly).map((each) =>
        button(each.name, each.icon, tool === each.tool),
      )}
      <span aria-hidden className="my-1 h-px w-6 bg-border" />
      {VIEW.map(({ name, icon }) => button(name, icon))}
    </div>
  )
}
