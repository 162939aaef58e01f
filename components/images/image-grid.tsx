'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react'
import { Skeleton } from '../ui/skeleton.tsx'
import { ImageTile, imageIdAt, tileId } from './image-tile.tsx'
import { move, type Selection, type Step, selectAll, selectOne, selectRange, toggle } from './selection.ts'
import { useGridColumns } from './use-grid-columns.ts'
import type { ImageCard } from './use-image-list.ts'
import { useScrollMemory } from './use-scroll-memory.ts'

const GAP = 12
const PADDING = 16
const CAPTION = 28
/** Height of the picture as a share of the tile's width. */
const RATIO = 0.72

const STEPS: Record<string, Step> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
}

export interface ImageGridProps {
  images: readonly ImageCard[]
  /** Images that match, loaded or not: the scroll bar is as long as the whole. */
  total: number
  colours: ReadonlyMap<string, string>
  selection: Selection
  onSelectionChange: (selection: Selection) => void
  onOpen: (imageId: string) => void
  onNeedMore: () => void
  /** Names the list whose place is remembered. */
  memoryKey: string
}

export function ImageGrid(props: ImageGridProps) {
  const { images, total, colours, selection, onSelectionChange, onOpen, onNeedMore, memoryKey } = props
  const t = useTranslations('images.grid')
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, tileWidth } = useGridColumns(scroller, { gap: GAP, padding: PADDING })
  const memory = useScrollMemory(memoryKey)
  const rowHeight = Math.round(tileWidth * RATIO) + CAPTION + GAP
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialOffset: memory.initialOffset,
    overscan: 3,
    paddingStart: PADDING,
    paddingEnd: PADDING,
    onChange: (instance) => memory.remember(instance.scrollOffset ?? 0),
  })
  const rows = virtualizer.getVirtualItems()

  // The height of a row follows the window's width, which the virtualizer cannot know.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rowHeight is why it must measure again
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer])

  const lastVisible = ((rows.at(-1)?.index ?? 0) + 1) * columns
  useEffect(() => {
    if (lastVisible > images.length && images.length < total) onNeedMore()
  }, [lastVisible, images.length, total, onNeedMore])

  const order = useMemo(() => images.map((image) => image.id), [images])

  // One pair of listeners for all tiles, so that a tile is drawn again only when it looks different.
  const onClick = (event: MouseEvent) => {
    const id = imageIdAt(event.target)
    if (!id) return
    if (event.shiftKey) onSelectionChange(selectRange(selection, id, order))
    else if (event.ctrlKey || event.metaKey) onSelectionChange(toggle(selection, id))
    else onSelectionChange(selectOne(id))
  }
  const onDoubleClick = (event: MouseEvent) => {
    const id = imageIdAt(event.target)
    if (id) onOpen(id)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const next = move(selection, step, order, columns, event.shiftKey)
      onSelectionChange(next)
      const index = next.active === null ? -1 : order.indexOf(next.active)
      if (index >= 0) virtualizer.scrollToIndex(Math.floor(index / columns))
    } else if (event.key === 'Enter' && selection.active) {
      onOpen(selection.active)
    } else if (event.key === ' ' && selection.active) {
      onSelectionChange(toggle(selection, selection.active))
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      onSelectionChange(selectAll(order, selection.active))
    } else {
      return
    }
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={t('label')}
      aria-multiselectable
      aria-activedescendant={selection.active ? tileId(selection.active) : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      className="group/grid h-full overflow-y-auto focus-visible:-outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map((row) => (
          <div
            key={row.key}
            role="presentation"
            className="absolute inset-x-4 grid"
            style={{
              top: row.start,
              height: row.size - GAP,
              gap: GAP,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
              const index = row.index * columns + column
              const image = images[index]
              if (!image) return <Skeleton key={index} className="h-full" />
              return (
                <ImageTile
                  key={image.id}
                  image={image}
                  colours={colours}
                  place={index + 1}
                  total={total}
                  isSelected={selection.ids.has(image.id)}
                  isActive={selection.active === image.id}
                />
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}
