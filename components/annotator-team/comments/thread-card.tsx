'use client'

import { Check, RotateCcw, Trash2 } from 'lucide-react'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { CommentId } from '../../../server/contracts/comment.ts'
import { ImageId } from '../../../server/contracts/ids.ts'
import { useViewer } from '../../app-shell/viewer.tsx'
import { Badge } from '../../ui/badge.tsx'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Composer } from './composer.tsx'
import { type Thread, useCommentMutations } from './use-comments.ts'

/** Often enough for “3 minutes ago”. */
const MINUTE_MS = 60_000

export interface ThreadCardProps {
  imageId: string
  thread: Thread
  /** As on its pin; null for one about the whole image. */
  number: number | null
  isActive: boolean
  mayWrite: boolean
  onActivate: () => void
}

export function ThreadCard({ imageId, thread, number, isActive, mayWrite, onActivate }: ThreadCardProps) {
  const t = useTranslations('team.comments')
  const format = useFormatter()
  const now = useNow({ updateInterval: MINUTE_MS })
  const viewer = useViewer()
  const { answer, resolve, remove } = useCommentMutations(imageId)
  const card = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isActive) card.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  const ids = { imageId: ImageId.parse(imageId), threadId: CommentId.parse(thread.id) }
  const isResolved = thread.resolvedAt !== null
  const hasForeignAnswers = thread.comments.some(({ author }) => author?.id !== viewer.id)

  return (
    <li
      ref={card}
      className={cn(
        'flex flex-col gap-2 rounded-md border border-border p-2',
        isActive && 'border-accent ring-1 ring-accent',
        isResolved && 'opacity-70',
      )}
    >
      <div className="flex items-center gap-1.5">
        <button
          type="button"
          onClick={onActivate}
          className="flex min-w-0 flex-1 items-center gap-1.5 text-left"
        >
          {number !== null ? (
            <span className="grid size-5 shrink-0 place-items-center rounded-full bg-accent font-medium text-on-accent text-xs">
              {number}
            </span>
          ) : (
            <span className="text-muted text-sm">{t('wholeImage')}</span>
          )}
          {thread.kind === 'return' && <Badge tone="danger">{t('returned')}</Badge>}
          {thread.resolvedBy && (
            <span className="truncate text-muted text-sm">
              {t('resolvedBy', { name: thread.resolvedBy })}
            </span>
          )}
        </button>
        {mayWrite && (
          <IconButton
            size="sm"
            label={isResolved ? t('reopen') : t('resolve')}
            icon={isResolved ? <RotateCcw /> : <Check />}
            busy={resolve.isPending}
            onClick={() => resolve.mutate({ ...ids, resolved: !isResolved })}
          />
        )}
      </div>
      <ol className="flex flex-col gap-2">
        {thread.comments.map(({ id, author, text, createdAt }, place) => (
          <li key={id} className="group">
            <p className="flex items-center gap-1.5 text-sm">
              <span className="truncate font-medium">{author?.name ?? t('gone')}</span>
              <time
                dateTime={createdAt.toISOString()}
                title={format.dateTime(createdAt, { dateStyle: 'medium', timeStyle: 'short' })}
                className="flex-1 whitespace-nowrap text-muted"
              >
                {format.relativeTime(createdAt, Math.max(now.getTime(), createdAt.getTime()))}
              </time>
              {author?.id === viewer.id &&
                (place > 0 || (thread.kind === 'remark' && !hasForeignAnswers)) && (
                  <IconButton
                    size="sm"
                    label={t('delete')}
                    icon={<Trash2 />}
                    className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
                    onClick={() => remove.mutate({ imageId: ids.imageId, commentId: CommentId.parse(id) })}
                  />
                )}
            </p>
            <p className="whitespace-pre-line break-words">{text}</p>
          </li>
        ))}
      </ol>
      {mayWrite && !isResolved && (
        <Composer
          label={t('answer')}
          isFocused={isActive}
          onSend={(text) => answer.mutateAsync({ ...ids, text })}
        />
      )}
    </li>
  )
}
