'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
} from 'react'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { readingOrder } from '../document/doc.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useSettled } from '../editor/use-settled.ts'
import { reveal } from '../geometry/viewport.ts'
import { useKeyNames } from '../keymap/use-keymap.ts'
import { BoxRow, ROW_HEIGHT } from './box-row.tsx'
import { listSelection } from './list-selection.ts'
import { Panel } from './panel.tsx'
import { useFromTop } from './use-from-top.ts'

const SHOWN = ['doc', 'selection'] as const
const NONE: readonly BoxId[] = []

interface BoxesPanelProps {
  editor: Editor
  colours: ReadonlyMap<string, string>
}

function howOf(event: PointerEvent) {
  return event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only'
}

/** The whole canvas as a list in reading order: every box with its coordinates, for the keyboard too. */
export const BoxesPanel = memo(function BoxesPanel({ editor, colours }: BoxesPanelProps) {
  const t = useTranslations('annotator.boxes')
  const key = useKeyNames()
  const listId = useId()
  const count = useEditor(editor, (state) => state.doc.boxes.size)
  const { doc, selection = NONE } = useSettled(editor, SHOWN) ?? {}
  const boxes = useMemo(() => (doc ? readingOrder(doc) : []), [doc])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: boxes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  useFromTop(scroller, editor)
  const last = selection.at(-1)
  const current = useMemo(() => boxes.findIndex((box) => box.id === last), [boxes, last])
  const selected = useMemo(() => new Set(selection), [selection])
  useEffect(() => {
    if (current >= 0) rows.scrollToIndex(current, { align: 'auto' })
  }, [current, rows])

  const select = useCallback(
    (id: BoxId | undefined, how: 'only' | 'toggle' | 'range') => {
      const { doc: now, selection: before } = editor.getState()
      const box = id && now.boxes.get(id)
      if (!box) return
      const order = readingOrder(now).map((other) => other.id)
      editor.select(listSelection(order, before, box.id, how))
      const { viewport, area } = editor.getState()
      const revealed = reveal(viewport, box, area)
      if (revealed !== viewport) editor.setViewport(revealed)
    },
    [editor],
  )
  const onPress = useCallback((id: BoxId, event: PointerEvent) => select(id, howOf(event)), [select])
  const onKeyDown = (event: KeyboardEvent) => {
    const places = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: boxes.length - 1 }
    const place = places[event.key as keyof typeof places]
    // With Ctrl the arrows resize, here as on the canvas.
    if (place === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const target = boxes[Math.min(boxes.length - 1, Math.max(0, place))]
    select(target?.id, event.shiftKey ? 'range' : 'only')
  }
  return (
    <Panel title={`${t('title')} · ${count}`} className="min-h-24 flex-1">
      {count === 0 && <p className="px-3 pb-3 text-muted">{t('empty', { key: key('drawTool') })}</p>}
      <div
        ref={scroller}
        role="listbox"
        aria-label={t('title')}
        aria-multiselectable
        aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
        tabIndex={boxes.length > 0 ? 0 : -1}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-1 focus-visible:outline-offset-[-2px]"
      >
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const box = boxes[index]
            return (
              box && (
                <BoxRow
                  // The place: going to another image, or scrolling, fills the rows that are there.
                  key={index}
                  id={`${listId}-${index}`}
                  box={box}
                  editor={editor}
                  colours={colours}
                  place={index}
                  count={boxes.length}
                  isSelected={selected.has(box.id)}
                  top={start}
                  onPress={onPress}
                />
              )
            )
          })}
        </div>
      </div>
    </Panel>
  )
})
