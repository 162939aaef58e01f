'use client'

import { MessageSquare } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo } from 'react'
import { Initials } from '../team/initials.tsx'
import { Badge } from '../ui/badge.tsx'
import { cn } from '../ui/cn.ts'
import { BoxOverlay } from './box-overlay.tsx'
import { StatusDot } from './status-dot.tsx'
import { BrokenPicture } from './thumbnail.tsx'
import type { ImageCard } from './use-image-list.ts'

export interface ImageTileProps {
  image: ImageCard
  /** Address of the thumbnail; undefined while it is on its way, null when the picture is lost. */
  picture: string | null | undefined
  colours: ReadonlyMap<string, string>
  /** Place in the whole list, from 1, and its length: the list draws only what is seen. */
  place: number
  total: number
  isSelected: boolean
  isActive: boolean
}

export function tileId(position: number): string {
  return `image-${position}`
}

/** Position of the image whose tile an event happened in. */
export function positionAt(target: EventTarget): number | undefined {
  const tile = target instanceof Element ? target.closest<HTMLElement>('[data-position]') : null
  return tile === null ? undefined : Number(tile.dataset.position)
}

/** Where an image will be, while nothing is known of it. It can be chosen all the same. */
export function EmptyTile({ position, isSelected }: { position: number; isSelected: boolean }) {
  return (
    <div
      data-position={position}
      aria-hidden
      className={cn('h-full rounded-md border bg-sunken', isSelected && 'border-accent ring-1 ring-accent')}
    />
  )
}

export const ImageTile = memo(function ImageTile({
  image,
  picture,
  colours,
  place,
  total,
  isSelected,
  isActive,
}: ImageTileProps) {
  const t = useTranslations('images')
  const { position, fileName, status, split, boxCount, openComments, assignee } = image
  const statusWords = t(`statuses.${status}`)
  return (
    <div
      id={tileId(position)}
      data-position={position}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-setsize={total}
      aria-posinset={place}
      aria-label={t('grid.tile', {
        name: fileName,
        status: statusWords,
        boxes: boxCount,
        comments: openComments,
        assignee: assignee ?? 'none',
      })}
      className={cn(
        'flex h-full cursor-default flex-col overflow-hidden rounded-md border bg-surface select-none',
        isSelected ? 'border-accent ring-1 ring-accent' : 'hover:border-border-strong',
        isActive &&
          'group-focus-visible/grid:outline-2 group-focus-visible/grid:outline-offset-2 group-focus-visible/grid:outline-accent',
      )}
    >
      <div className="relative min-h-0 flex-1 bg-sunken">
        <TilePicture address={picture} />
        <BoxOverlay image={image} colours={colours} />
        {split && (
          <Badge className="absolute top-1 right-1 h-4 bg-surface/90 px-1 shadow-sm">
            {t(`splitTags.${split}`)}
          </Badge>
        )}
      </div>
      <div className={cn('flex h-7 items-center gap-1.5 px-2 text-sm', isSelected && 'bg-accent-soft')}>
        <StatusDot status={status} />
        <FileName name={fileName} />
        {openComments > 0 && (
          <span className="flex shrink-0 items-center gap-0.5 text-warning text-xs tabular-nums">
            <MessageSquare aria-hidden className="size-3" />
            {openComments}
          </span>
        )}
        {assignee && <Initials name={assignee} />}
        {boxCount > 0 && <span className="text-muted text-xs tabular-nums">{boxCount}</span>}
      </div>
    </div>
  )
})

function TilePicture({ address }: { address: string | null | undefined }) {
  const place = 'absolute inset-0 size-full object-contain'
  if (address === undefined) return null
  if (address === null) return <BrokenPicture className={place} />
  // biome-ignore lint/performance/noImgElement: the studio makes its own thumbnails
  return <img src={address} alt="" draggable={false} className={place} />
}

/** As many characters as tell files of one series apart: "_00012.jpg". */
const TAIL = 9

/** Cuts a long name in the middle: series of pictures differ at the end. */
function FileName({ name }: { name: string }) {
  return (
    <span className="flex min-w-0 flex-1 whitespace-pre" title={name}>
      <span className="truncate">{name.slice(0, -TAIL)}</span>
      <span className="shrink-0">{name.slice(-TAIL)}</span>
    </span>
  )
}
