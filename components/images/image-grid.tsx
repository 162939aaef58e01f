'use client'

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import { ErrorState } from '../ui/error-state.tsx'
import { EmptyTile, ImageTile, positionAt, tileId } from './image-tile.tsx'
import {
  indexIn,
  move,
  type Order,
  type Selection,
  type Step,
  selectAll,
  selectOne,
  selectRange,
  toggle,
} from './selection.ts'
import { useGridColumns } from './use-grid-columns.ts'
import { useImageCards } from './use-image-cards.ts'
import { useScrollMemory } from './use-scroll-memory.ts'
import { useThumbnails } from './use-thumbnails.ts'

const GAP = 12
const PADDING = 16
const CAPTION = 28
/** Height of the picture as a share of the tile's width. */
const RATIO = 0.72
/** Rows that are made beyond the edge one scrolls towards, so that their pictures are there when they come in sight. */
const ROWS_AHEAD = 6
const ROWS_BEHIND = 2

const STEPS: Record<string, Step> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
}

export interface ImageGridProps {
  /** Everything that matches, loaded or not: the scroll bar is as long as the whole. */
  order: Order
  colours: ReadonlyMap<string, string>
  selection: Selection
  onSelectionChange: (selection: Selection) => void
  onOpen: (position: number) => void
  /** Once the first images are there. */
  onShown: () => void
  /** Names the list whose place is remembered. */
  memoryKey: string
}

export function ImageGrid(props: ImageGridProps) {
  const { order, colours, selection, onSelectionChange, onOpen, onShown, memoryKey } = props
  const total = order.length
  const t = useTranslations('images.grid')
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, tileWidth } = useGridColumns(scroller, { gap: GAP, padding: PADDING })
  const memory = useScrollMemory(memoryKey)
  const rowHeight = Math.round(tileWidth * RATIO) + CAPTION + GAP
  const isUpwards = useRef(false)
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialOffset: memory.initialOffset,
    rangeExtractor: (range) => rowsOf(range, isUpwards.current),
    paddingStart: PADDING,
    paddingEnd: PADDING,
    onChange: (instance) => {
      if (instance.scrollDirection) isUpwards.current = instance.scrollDirection === 'backward'
      memory.remember(instance.scrollOffset ?? 0)
    },
  })
  const rows = virtualizer.getVirtualItems()
  const { parts, cards, error, retry } = useImageCards(
    order,
    { first: (rows[0]?.index ?? 0) * columns, last: ((rows.at(-1)?.index ?? -1) + 1) * columns - 1 },
    virtualizer.scrollDirection,
  )
  const pictures = useThumbnails(parts)
  const isShown = cards.size > 0
  useEffect(() => {
    if (isShown) onShown()
  }, [isShown, onShown])

  // The height of a row follows the window's width, which the virtualizer cannot know.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rowHeight is why it must measure again
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer])

  // One pair of listeners for all tiles, so that a tile is drawn again only when it looks different.
  const onClick = (event: MouseEvent) => {
    // A tile that was pressed would keep the focus, and take it along when it is scrolled out of the list.
    scroller.current?.focus({ preventScroll: true })
    const position = positionAt(event.target)
    if (position === undefined) return
    if (event.shiftKey) onSelectionChange(selectRange(selection, position, order))
    else if (event.ctrlKey || event.metaKey) onSelectionChange(toggle(selection, position))
    else onSelectionChange(selectOne(position))
  }
  const onDoubleClick = (event: MouseEvent) => {
    const position = positionAt(event.target)
    if (position !== undefined) onOpen(position)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const next = move(selection, step, order, columns, event.shiftKey)
      onSelectionChange(next)
      const index = next.active === null ? -1 : indexIn(order, next.active)
      if (index >= 0) virtualizer.scrollToIndex(Math.floor(index / columns))
    } else if (event.key === 'Enter' && selection.active !== null) {
      onOpen(selection.active)
    } else if (event.key === ' ' && selection.active !== null) {
      onSelectionChange(toggle(selection, selection.active))
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      onSelectionChange(selectAll(order, selection.active))
    } else {
      return
    }
    event.preventDefault()
  }

  if (error && cards.size === 0) return <ErrorState error={error} onRetry={retry} />
  return (
    <div className="relative h-full">
      <div
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label={t('label')}
        aria-multiselectable
        aria-activedescendant={selection.active === null ? undefined : tileId(selection.active)}
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
                const position = order[index] ?? -1
                const image = cards.get(position)
                const isSelected = selection.positions.has(position)
                if (!image) return <EmptyTile key={position} position={position} isSelected={isSelected} />
                return (
                  <ImageTile
                    key={position}
                    image={image}
                    picture={pictures.get(position)}
                    colours={colours}
                    place={index + 1}
                    total={total}
                    isSelected={isSelected}
                    isActive={selection.active === position}
                  />
                )
              })}
            </div>
          ))}
        </div>
      </div>
      {Boolean(error) && (
        <ErrorState
          error={error}
          onRetry={retry}
          className="absolute inset-x-0 bottom-0 border-border border-t bg-surface py-4"
        />
      )}
    </div>
  )
}

/** More rows ahead than behind. */
function rowsOf(range: Range, isUpwards: boolean): number[] {
  const [above, below] = isUpwards ? [ROWS_AHEAD, ROWS_BEHIND] : [ROWS_BEHIND, ROWS_AHEAD]
  return defaultRangeExtractor({
    ...range,
    startIndex: Math.max(0, range.startIndex - above),
    endIndex: Math.min(range.count - 1, range.endIndex + below),
    overscan: 0,
  })
}
