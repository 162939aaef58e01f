'use client'

import { useTranslations } from 'next-intl'
import { WorkerNotice } from '../runs/worker-notice.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { EditRow } from './edit-row.tsx'
import { isGoingOn, useBulkEdits } from './use-bulk-edits.ts'

/** What was changed over the whole project, the newest first. Nothing while nothing was. */
export function EditsCard() {
  const t = useTranslations('labels.edits')
  const edits = useBulkEdits()
  if (!edits.data || edits.data.length === 0) return null
  return (
    <Card>
      <CardHeader title={t('title')} description={t('description')} />
      <CardBody>
        {edits.data.some(({ status }) => status === 'queued') && <WorkerNotice />}
        <ul className="flex max-h-96 flex-col gap-3 overflow-y-auto" aria-busy={edits.data.some(isGoingOn)}>
          {edits.data.map((edit) => (
            <li key={edit.id}>
              <EditRow edit={edit} />
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  )
}
