'use client'

import { Check, ChevronLeft, ChevronRight, Images, RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useKeymap } from '../annotator/keymap/use-keymap.ts'
import { SaveState } from '../annotator/panels/save-state.tsx'
import type { Session } from '../annotator/sync/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import type { Opened } from './use-session.ts'

export interface ImageHeaderProps {
  opened: Opened
  session: Session
  /** Null at the ends of the list. */
  onPrevious: (() => void) | null
  onNext: (() => void) | null
  onDone: () => void
  onReopen: () => void
}

/** Which image this is, whether it is saved, and the way to the others. */
export function ImageHeader({ opened, session, onPrevious, onNext, onDone, onReopen }: ImageHeaderProps) {
  const t = useTranslations('annotator.header')
  const { image, place, mayWrite } = opened
  const keymap = useKeymap()
  const isDone = image.status === 'done' || image.status === 'accepted'
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-border border-b bg-surface px-2">
      <Button asChild variant="ghost" size="sm">
        <Link href={`/projects/${image.projectId}`} aria-label={t('back')} title={t('back')}>
          <Images />
        </Link>
      </Button>
      <IconButton
        label={t('previous')}
        shortcut={keymap.get('previousImage')?.[0]}
        icon={<ChevronLeft />}
        disabled={!onPrevious}
        onClick={() => onPrevious?.()}
      />
      <span data-numeric className="min-w-16 text-center">
        {t('place', { number: place.number, total: place.total })}
      </span>
      <IconButton
        label={t('next')}
        shortcut={keymap.get('nextImage')?.[0]}
        icon={<ChevronRight />}
        disabled={!onNext}
        onClick={() => onNext?.()}
      />
      <h1 className="ml-2 min-w-0 truncate font-medium" title={image.fileName}>
        {image.fileName}
      </h1>
      <span data-numeric className="whitespace-nowrap text-muted text-sm">
        {t('size', { width: image.width, height: image.height })}
      </span>
      <span className="flex-1" />
      {mayWrite && <SaveState session={session} />}
      {isDone && (
        <Badge tone="success" icon={<Check />}>
          {t('isDone')}
        </Badge>
      )}
      {mayWrite && image.status === 'done' && (
        <Button variant="ghost" icon={<RotateCcw />} onClick={onReopen}>
          {t('reopen')}
        </Button>
      )}
      {mayWrite && (
        <Button variant="primary" onClick={onDone}>
          {t('done')}
          <Kbd
            keys={keymap.get('doneAndNext')?.[0] ?? ''}
            className="[&_kbd]:border-transparent [&_kbd]:bg-transparent [&_kbd]:text-current"
          />
        </Button>
      )}
    </header>
  )
}
