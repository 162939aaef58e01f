'use client'

import { Undo2 } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useCan, useProjectId } from '../app-shell/project-context.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Progress } from '../ui/progress.tsx'
import { type BulkEdit, isGoingOn, useEditWays, useEditWords } from './use-bulk-edits.ts'

/** Often enough for “3 minutes ago”. */
const MINUTE_MS = 60_000

/** One change over the project: how far it is or what came of it, and the way back. */
export function EditRow({ edit }: { edit: BulkEdit }) {
  const t = useTranslations('labels.edits')
  const format = useFormatter()
  const now = useNow({ updateInterval: MINUTE_MS })
  const words = useEditWords()
  const ways = useEditWays()
  const canManage = useCan('project.manage')
  const [isAsking, setAsking] = useState(false)
  const { id, status, done, total, result, reason, author, endedAt, isUndo, isUndone } = edit
  const goesOn = isGoingOn(edit)
  // It may have ended after the clock was last read; nothing ends “in 20 seconds”.
  const when = endedAt && format.relativeTime(endedAt, Math.max(now.getTime(), endedAt.getTime()))
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate" title={words(edit)}>
            {words(edit)}
          </p>
          <p role="status" data-numeric className="text-muted text-sm">
            {goesOn && t(status === 'queued' ? 'queued' : 'working', { done, total })}
            {status === 'finished' && t('finished', { images: result.images, boxes: result.boxes })}
            {status === 'stopped' && !isUndone && t('stopped', { images: result.images, total })}
            {status === 'failed' && t('failed', { reason: reason ?? '' })}
            {isUndone && ` · ${t('undone')}`}
            {!goesOn && when && ` · ${t('by', { name: author ?? t('nobody'), when })}`}
          </p>
        </div>
        {canManage && goesOn && (
          <Button size="sm" busy={ways.isBusy} onClick={() => ways.stop(id)}>
            {t('stop')}
          </Button>
        )}
        {canManage && !goesOn && !isUndo && !isUndone && (
          <Button size="sm" icon={<Undo2 />} busy={ways.isBusy} onClick={() => setAsking(true)}>
            {t('undo')}
          </Button>
        )}
      </div>
      {goesOn && <Progress value={total === 0 ? null : done / total} label={words(edit)} />}
      {result.left > 0 && <Left edit={edit} />}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('undoTitle', { what: words(edit) })}
        description={t('undoDescription', { count: result.images })}
        confirmLabel={t('undoConfirm', { count: result.images })}
        onConfirm={() => {
          setAsking(false)
          ways.undo(id)
        }}
      />
    </div>
  )
}

/** Images that were left alone, each a link to it. */
function Left({ edit: { result } }: { edit: BulkEdit }) {
  const t = useTranslations('labels.edits')
  const projectId = useProjectId()
  return (
    <details className="text-sm">
      <summary className="cursor-default text-warning">{t('left', { count: result.left })}</summary>
      <ul className="mt-1 max-h-32 overflow-y-auto pl-4">
        {result.leftNamed.map(({ imageId, fileName }) => (
          <li key={imageId}>
            <Link className="hover:underline" href={`/projects/${projectId}/annotate/${imageId}`}>
              {fileName}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  )
}
