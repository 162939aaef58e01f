'use client'

import { MapPin } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ImageId } from '../../../server/contracts/ids.ts'
import { useKeyNames } from '../../annotator/keymap/use-keymap.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Composer } from './composer.tsx'
import { numbersOf } from './pins.ts'
import { ThreadCard } from './thread-card.tsx'
import { useCommentMutations, useThreads } from './use-comments.ts'

export interface CommentsPanelProps {
  imageId: string
  mayWrite: boolean
  active: string | null
  onActivate: (threadId: string) => void
  onPlace: () => void
}

/** What the team says about this image: open matters first, then what is settled. */
export function CommentsPanel({ imageId, mayWrite, active, onActivate, onPlace }: CommentsPanelProps) {
  const t = useTranslations('team.comments')
  const key = useKeyNames()
  const threads = useThreads(imageId)
  const { start } = useCommentMutations(imageId)
  const [showsResolved, setShowsResolved] = useState(false)
  const numbers = numbersOf(threads.data ?? [])
  const open = threads.data?.filter(({ resolvedAt }) => resolvedAt === null) ?? []
  const resolved = threads.data?.filter(({ resolvedAt }) => resolvedAt !== null) ?? []
  const shown = showsResolved ? [...open, ...resolved] : open
  return (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {threads.isPending && <Skeleton className="h-24" />}
        {threads.isError && !threads.data && (
          <ErrorState error={threads.error} onRetry={() => threads.refetch()} />
        )}
        {threads.data && open.length === 0 && (
          <p className="px-1 py-2 text-muted">{mayWrite ? t('empty', { key: key('comment') }) : t('none')}</p>
        )}
        <ul className="flex flex-col gap-2">
          {shown.map((thread) => (
            <ThreadCard
              key={thread.id}
              imageId={imageId}
              thread={thread}
              number={numbers.get(thread.id) ?? null}
              isActive={thread.id === active}
              mayWrite={mayWrite}
              onActivate={() => onActivate(thread.id)}
            />
          ))}
        </ul>
        {resolved.length > 0 && (
          <Button
            variant="ghost"
            size="sm"
            className="mt-2 w-full"
            aria-expanded={showsResolved}
            onClick={() => setShowsResolved(!showsResolved)}
          >
            {showsResolved ? t('hideResolved') : t('showResolved', { count: resolved.length })}
          </Button>
        )}
      </div>
      {mayWrite && (
        <div className="flex flex-col gap-2 border-border border-t p-2">
          <Button icon={<MapPin />} onClick={onPlace}>
            {t('place')}
          </Button>
          <Composer
            label={t('aboutImage')}
            onSend={(text) => start.mutateAsync({ imageId: ImageId.parse(imageId), point: null, text })}
          />
        </div>
      )}
    </>
  )
}
