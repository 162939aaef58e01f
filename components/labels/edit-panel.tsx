'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { WorkerNotice } from '../runs/worker-notice.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { EditRow } from './edit-row.tsx'
import { isGoingOn, useBulkEdits } from './use-bulk-edits.ts'

/** Over the grid: the change that goes on, or the one that has ended while the page was open. */
export function EditPanel() {
  const t = useTranslations('labels.edits')
  const edits = useBulkEdits()
  const [openedAt] = useState(() => Date.now())
  const [dismissed, setDismissed] = useState<string | null>(null)
  const newest = edits.data?.[0]
  if (!newest || newest.id === dismissed) return null
  if (!isGoingOn(newest) && (newest.endedAt?.getTime() ?? 0) < openedAt) return null
  return (
    <section
      aria-label={t('title')}
      className="flex shrink-0 items-start gap-2 border-border border-b bg-surface px-3 py-2"
    >
      <div className="min-w-0 flex-1">
        {newest.status === 'queued' && <WorkerNotice />}
        <EditRow edit={newest} />
      </div>
      {!isGoingOn(newest) && (
        <IconButton
          size="sm"
          icon={<X />}
          label={t('dismiss')}
          // In line with the buttons beside the two lines of text.
          className="mt-1.5"
          onClick={() => setDismissed(newest.id)}
        />
      )}
    </section>
  )
}
