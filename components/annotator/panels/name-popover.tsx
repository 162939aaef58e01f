'use client'

import { useTranslations } from 'next-intl'
import { Kbd } from '../../ui/kbd.tsx'
import { createBox, type Entry, relabelBoxes } from '../document/edit.ts'
import type { ListedEntry } from '../document/entries.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { boundsOf, type Rect } from '../geometry/rects.ts'
import { rectToScreen } from '../geometry/viewport.ts'
import { editableBoxes } from '../tools/frame.ts'
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

/** Asks what a box shows: one that was drawn without an active expression, or those that are selected. */
export function NamePopover({ editor, entries, onEnd }: NamePopoverProps) {
  const t = useTranslations('annotator.expressions')
  const unnamed = useEditor(editor, (state) => state.unnamed)
  const relabelling = useEditor(editor, (state) => state.relabelling)
  const selection = useEditor(editor, (state) => state.selection)
  const doc = useEditor(editor, (state) => state.doc)
  const viewport = useEditor(editor, (state) => (state.unnamed || state.relabelling ? state.viewport : null))
  const area = useEditor(editor, (state) => state.area)
  const selected = relabelling ? selection.flatMap((id) => doc.boxes.get(id) ?? []) : []
  const rect = unnamed ?? (selected.length > 0 ? boundsOf(selected) : null)
  if (!rect || !viewport) return null

  const shown = rectToScreen(viewport, rect)
  const left = Math.max(GAP, Math.min(shown.x, area.width - WIDTH - GAP))
  const below = shown.y + shown.height + GAP
  const top = Math.max(GAP, below + HEIGHT < area.height ? below : shown.y - HEIGHT)
  const label = unnamed ? t('choose') : t('relabel', { count: selected.length })
  const name = ({ kind, text }: Entry) => {
    editor.setActive({ kind, text })
    if (unnamed) nameDrawn(editor, { kind, text }, unnamed)
    else relabelSelected(editor, { kind, text })
    onEnd()
  }
  return (
    <div
      role="group"
      aria-label={label}
      className="absolute z-10 flex animate-rise flex-col gap-1 rounded-lg border border-border bg-raised p-2 shadow-raised"
      style={{ left, top, width: WIDTH }}
    >
      <ExpressionInput
        autoFocus
        entries={entries}
        label={label}
        onChoose={name}
        onDigit={(digit) => {
          const entry = entries[digit - 1]
          if (entry) name(entry)
          return entry !== undefined
        }}
        onCancel={() => {
          editor.setUnnamed(null)
          editor.setRelabelling(false)
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

function nameDrawn(editor: Editor, entry: Entry, rect: Rect): void {
  const { id, changes } = createBox(editor.getState().doc, entry, rect, editor.ids)
  editor.setUnnamed(null)
  if (editor.commit('draw', changes)) editor.select([id])
}

function relabelSelected(editor: Editor, entry: Entry): void {
  const state = editor.getState()
  const ids = editableBoxes(state, state.selection).map((box) => box.id)
  editor.setRelabelling(false)
  editor.commit('relabel', relabelBoxes(state.doc, ids, entry, editor.ids))
}
