'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useFormatter, useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from 'react'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { cn } from '../../ui/cn.ts'
import { orderedBoxes, textsOf } from '../document/doc.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { reveal } from '../geometry/viewport.ts'
import { Dot } from './expression-input.tsx'
import { Panel } from './panel.tsx'

const ROW_HEIGHT = 26

/** The whole canvas as a list: every box with its coordinates, for the keyboard and screen readers too. */
export function BoxesPanel({ editor, colours }: { editor: Editor; colours: ReadonlyMap<string, string> }) {
  const t = useTranslations('annotator.boxes')
  const format = useFormatter()
  const listId = useId()
  const doc = useEditor(editor, (state) => state.doc)
  const selection = useEditor(editor, (state) => state.selection)
  const boxes = useMemo(() => orderedBoxes(doc), [doc])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: boxes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  })
  const current = boxes.findIndex((box) => box.id === selection[0])
  useEffect(() => {
    if (current >= 0) rows.scrollToIndex(current, { align: 'auto' })
  }, [current, rows])

  const select = (id: BoxId | undefined, add = false) => {
    const box = id && doc.boxes.get(id)
    if (!box) return
    const others = selection.filter((other) => other !== id)
    editor.select(add ? (others.length < selection.length ? others : [...selection, box.id]) : [box.id])
    const { viewport, area } = editor.getState()
    const revealed = reveal(viewport, box, area)
    if (revealed !== viewport) editor.setViewport(revealed)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || event.shiftKey) return
    event.preventDefault()
    select(boxes[Math.min(boxes.length - 1, Math.max(0, current + step))]?.id)
  }
  const number = (value: number) => format.number(value, { maximumFractionDigits: 1, useGrouping: false })

  return (
    <Panel title={`${t('title')} · ${boxes.length}`} className="min-h-24 flex-1">
      {boxes.length === 0 && <p className="px-3 pb-3 text-muted">{t('empty')}</p>}
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
            if (!box) return null
            const texts = textsOf(doc, box)
            const name = texts.join(' · ')
            const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(number)
            return (
              <div
                key={box.id}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={selection.includes(box.id)}
                aria-posinset={index + 1}
                aria-setsize={boxes.length}
                aria-label={t('row', {
                  name,
                  x: x ?? '',
                  y: y ?? '',
                  width: width ?? '',
                  height: height ?? '',
                })}
                data-box={[box.x, box.y, box.width, box.height].join(' ')}
                className={cn(
                  'absolute inset-x-0 flex cursor-default items-center gap-2 rounded-md px-1.5',
                  selection.includes(box.id) ? 'bg-accent-soft' : 'hover:bg-hover',
                )}
                style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
                onPointerDown={(event) => select(box.id, event.shiftKey)}
              >
                <Dot colour={colours.get(texts[0] ?? '') ?? '#888888'} />
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <span data-numeric className="text-muted text-sm">
                  {x}, {y} · {width} × {height}
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </Panel>
  )
}
