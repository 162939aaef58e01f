'use client'

import {
  Hand,
  Keyboard,
  Magnet,
  Maximize,
  MousePointer2,
  Redo2,
  RotateCw,
  SquareDashed,
  Undo2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, type ReactNode, useCallback } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import type { ActionContext } from '../actions/action.ts'
import { type ActionName, actionNamed, type Keymap, runAction } from '../actions/registry.ts'
import type { EditorState } from '../editor/state.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useLatest } from '../editor/use-latest.ts'
import { ViewPopover } from './view-popover.tsx'

interface ToolbarEntry {
  name: ActionName
  icon: ReactNode
  /** For tools and switches. */
  isOn?: (state: EditorState) => boolean
}

const TOOLS: readonly ToolbarEntry[] = [
  { name: 'selectTool', icon: <MousePointer2 />, isOn: ({ tool }) => tool === 'select' },
  { name: 'drawTool', icon: <SquareDashed />, isOn: ({ tool }) => tool === 'draw' },
  { name: 'panTool', icon: <Hand />, isOn: ({ tool }) => tool === 'pan' },
]
const EDITING: readonly ToolbarEntry[] = [
  { name: 'undo', icon: <Undo2 /> },
  { name: 'redo', icon: <Redo2 /> },
  { name: 'snapping', icon: <Magnet />, isOn: ({ view }) => view.snapping },
]
const VIEW: readonly ToolbarEntry[] = [
  { name: 'zoomIn', icon: <ZoomIn /> },
  { name: 'zoomOut', icon: <ZoomOut /> },
  { name: 'fit', icon: <Maximize /> },
  { name: 'actualSize', icon: <span className="font-semibold text-xs">1:1</span> },
  { name: 'turnRight', icon: <RotateCw /> },
]

const SHORTCUTS: ToolbarEntry = { name: 'shortcuts', icon: <Keyboard /> }

const ALL = [...TOOLS, ...EDITING, ...VIEW]

/** The tools and a few actions, from the same registry as the shortcuts. */
export function Toolbar({ context, keymap }: { context: ActionContext; keymap: Keymap }) {
  const t = useTranslations('annotator')
  const { editor } = context
  // The looks of all buttons in one word: anything else that changes, like the pointer, draws nothing here.
  useEditor(editor, (state) =>
    ALL.map(({ name, isOn }) => `${isOn?.(state)} ${actionNamed(name).isAvailable(state, context)}`).join(),
  )
  const latest = useLatest(context)
  const run = useCallback((name: ActionName) => runAction(name, latest.current), [latest])
  const state = editor.getState()
  const button = ({ name, icon, isOn }: ToolbarEntry) => (
    <ToolButton
      key={name}
      name={name}
      icon={icon}
      label={t(`actions.${name}`)}
      shortcut={keymap.get(name)?.[0]}
      isOn={isOn?.(state)}
      isAvailable={actionNamed(name).isAvailable(state, context)}
      onRun={run}
    />
  )
  const line = <span aria-hidden className="my-1 h-px w-6 shrink-0 bg-border" />
  return (
    <div
      role="toolbar"
      aria-label={t('tools')}
      aria-orientation="vertical"
      className="flex w-12 shrink-0 flex-col items-center gap-1 overflow-y-auto border-border border-r bg-surface py-2"
    >
      {TOOLS.filter(({ name }) => name !== 'drawTool' || !state.readOnly).map(button)}
      {line}
      {EDITING.filter(() => !state.readOnly).map(button)}
      {line}
      {VIEW.map(button)}
      <ViewPopover context={context} keymap={keymap} />
      <span className="flex-1" />
      {button(SHORTCUTS)}
    </div>
  )
}

interface ToolButtonProps {
  name: ActionName
  icon: ReactNode
  label: string
  shortcut: string | undefined
  isOn: boolean | undefined
  isAvailable: boolean
  onRun: (name: ActionName) => void
}

/** Drawn anew only when it looks otherwise: with every image there is another context. */
const ToolButton = memo(function ToolButton(props: ToolButtonProps) {
  const { name, icon, label, shortcut, isOn, isAvailable, onRun } = props
  return (
    <IconButton
      size="lg"
      tooltipSide="right"
      label={label}
      shortcut={shortcut}
      icon={icon}
      pressed={isOn}
      disabled={!isAvailable}
      onClick={() => onRun(name)}
    />
  )
})
