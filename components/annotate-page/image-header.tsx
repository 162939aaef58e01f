'use client'

import { Check, ChevronLeft, ChevronRight, ChevronsRight, Eye, Images, RotateCcw, Undo2 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { ImageWays } from '../annotator/actions/action.ts'
import type { ActionName } from '../annotator/actions/registry.ts'
import { useKeymap } from '../annotator/keymap/use-keymap.ts'
import { SaveState } from '../annotator/panels/save-state.tsx'
import type { Session } from '../annotator/sync/session.ts'
import { PanelButtons } from '../annotator-team/panel-buttons.tsx'
import type { TeamPanels } from '../annotator-team/use-team-panels.tsx'
import { StatusDot } from '../images/status-dot.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import type { Place } from './use-place.ts'
import type { Opened } from './use-session.ts'

export interface ImageHeaderProps {
  opened: Opened
  session: Session
  /** Undefined while it is on its way. */
  place: Place | undefined
  /** Who else has it open. */
  people: ReactNode
  /** The filter of the list, for the way back to it. */
  q: string
  isReview: boolean
  ways: ImageWays
  onReopen: () => void
  panels: TeamPanels
}

/** Which image this is, whether it is saved, and the way to the others. */
export function ImageHeader(props: ImageHeaderProps) {
  const { opened, session, place, people, q, isReview, ways, panels } = props
  const t = useTranslations('annotator.header')
  const team = useTranslations('team.review')
  const keymap = useKeymap()
  const { image, mayWrite } = opened
  const back = `/projects/${image.projectId}${q.trim() ? `?q=${encodeURIComponent(q)}` : ''}`
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 border-border border-b bg-surface px-2">
      <Button asChild variant="ghost" size="sm">
        <Link href={back} aria-label={t('back')} title={t('back')}>
          <Images />
        </Link>
      </Button>
      <IconButton
        label={t('previous')}
        shortcut={keymap.get('previousImage')?.[0]}
        icon={<ChevronLeft />}
        disabled={!ways.previous}
        onClick={() => ways.previous?.()}
      />
      <span data-numeric className="min-w-16 text-center" title={q || undefined}>
        {place && t('place', { number: place.number, total: place.total })}
      </span>
      <IconButton
        label={t('next')}
        shortcut={keymap.get('nextImage')?.[0]}
        icon={<ChevronRight />}
        disabled={!ways.next}
        onClick={() => ways.next?.()}
      />
      <IconButton
        label={isReview ? team('nextToReview') : team('nextUnfinished')}
        shortcut={keymap.get('nextWanted')?.[0]}
        icon={<ChevronsRight />}
        disabled={!place?.wantedId}
        onClick={() => ways.nextWanted?.()}
      />
      <h1 className="ml-2 min-w-0 truncate font-medium" title={image.fileName}>
        {image.fileName}
      </h1>
      <span data-numeric className="whitespace-nowrap text-muted text-sm">
        {t('size', { width: image.width, height: image.height })}
      </span>
      <Status status={image.status} />
      <span className="flex-1" />
      {people}
      <PanelButtons panels={panels} />
      {ways.toggleReview && (
        <IconButton
          label={isReview ? team('end') : team('begin')}
          shortcut={keymap.get('toggleReview')?.[0]}
          icon={<Eye />}
          pressed={isReview}
          onClick={(event) => {
            ways.toggleReview?.()
            // The next key is a verdict on the picture, not another press of this button.
            if (event.detail > 0) event.currentTarget.blur()
          }}
        />
      )}
      {mayWrite && <SaveState session={session} />}
      {isReview ? <ReviewButtons {...props} /> : mayWrite && <WorkButtons {...props} />}
    </header>
  )
}

const TONE = {
  new: 'neutral',
  in_work: 'neutral',
  done: 'accent',
  accepted: 'success',
  returned: 'danger',
} as const

function Status({ status }: { status: Opened['image']['status'] }) {
  const t = useTranslations('images')
  return (
    <Badge tone={TONE[status]} icon={<StatusDot status={status} />}>
      {t(`statuses.${status}`)}
    </Badge>
  )
}

function WorkButtons({ opened, ways, onReopen }: ImageHeaderProps) {
  const t = useTranslations('annotator.header')
  return (
    <>
      {opened.image.status === 'done' && (
        <Button variant="ghost" icon={<RotateCcw />} onClick={onReopen}>
          {t('reopen')}
        </Button>
      )}
      <Button variant="primary" onClick={() => ways.doneAndNext?.()}>
        {t('done')}
        <KeyOf action="doneAndNext" />
      </Button>
    </>
  )
}

function ReviewButtons({ ways }: ImageHeaderProps) {
  const t = useTranslations('team.review')
  return (
    <>
      <Button icon={<Undo2 />} onClick={() => ways.giveBack?.()}>
        {t('return')}
        <KeyOf action="giveBack" />
      </Button>
      <Button variant="primary" icon={<Check />} onClick={() => ways.doneAndNext?.()}>
        {t('accept')}
        <KeyOf action="doneAndNext" />
      </Button>
    </>
  )
}

/** The key that does the same as the button, in the button's colour. */
function KeyOf({ action }: { action: ActionName }) {
  const keys = useKeymap().get(action)?.[0]
  if (!keys) return null
  return <Kbd keys={keys} isPlain />
}
