'use client'

import { useTranslations } from 'next-intl'
import { Kbd } from '../../ui/kbd.tsx'
import { createBox, type Entry } from '../document/edit.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { rectToScreen } from '../geometry/viewport.ts'
import { Dot, ExpressionInput } from './expression-input.tsx'

const WIDTH = 260
/** Room for the input and a few suggestions. */
const HEIGHT = 220
const GAP = 8
const OFFERED = 5

export interface NamePopoverProps {
  editor: Editor
  entries: readonly ListedEntry[]
  /** Named or given up: the keyboard belongs to the canvas again. */
  onEnd: () => void
}

/** Drag first, choose then: asks what the box shows that was drawn without an active expression. */
export function NamePopover({ editor, entries, onEnd }: NamePopoverProps) {
  const t = useTranslations('annotator.expressions')
  const unnamed = useEditor(editor, (state) => state.unnamed)
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  if (!unnamed) return null

  const shown = rectToScreen(viewport, unnamed)
  const left = Math.max(GAP, Math.min(shown.x, area.width - WIDTH - GAP))
  const below = shown.y + shown.height + GAP
  const top = Math.max(GAP, below + HEIGHT < area.height ? below : shown.y - HEIGHT)
  const name = ({ kind, text }: Entry) => {
    const { id, changes } = createBox(editor.getState().doc, { kind, text }, unnamed, editor.ids)
    editor.setActive({ kind, text })
    editor.setUnnamed(null)
    if (editor.commit('draw', changes)) editor.select([id])
    onEnd()
  }
  return (
    <div
      role="group"
      aria-label={t('choose')}
      className="absolute z-10 flex animate-rise flex-col gap-1 rounded-lg border border-border bg-raised p-2 shadow-raised"
      style={{ left, top, width: WIDTH }}
    >
      <ExpressionInput
        autoFocus
        entries={entries}
        label={t('choose')}
        onChoose={name}
        onDigit={(digit) => {
          const entry = entries[digit - 1]
          if (entry) name(entry)
          return entry !== undefined
        }}
        onCancel={() => {
          editor.setUnnamed(null)
          onEnd()
        }}
      />
      {entries.slice(0, OFFERED).map((entry) => (
        <button
          key={entry.text}
          type="button"
          className="flex items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-hover"
          onClick={() => name(entry)}
        >
          <Dot colour={entry.colour} />
          <span className="min-w-0 flex-1 truncate">{entry.text}</span>
          {entry.digit !== null && <Kbd keys={String(entry.digit)} />}
        </button>
      ))}
    </div>
  )
}
