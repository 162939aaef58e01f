'use client'

import { useTranslations } from 'next-intl'
import type { ImageFilter, ImageStatus } from '../../server/contracts/image.ts'
import { isUnfinished } from '../../server/contracts/image-status.ts'
import { useCan } from '../app-shell/project-context.tsx'
import type { ImageCounts } from '../images/use-image-list.ts'
import { Button } from '../ui/button.tsx'

export interface WorkLinksProps {
  counts: ImageCounts
  onFilter: (part: Partial<ImageFilter>) => void
  onReview: () => void
}

/** What is asked of the person who looks; nothing while nothing is. */
export function WorkLinks({ counts, onFilter, onReview }: WorkLinksProps) {
  const t = useTranslations('team.work')
  const canReview = useCan('annotations.review')
  const mine = (wanted: (status: ImageStatus) => boolean) =>
    counts.mine.reduce((sum, { status, images }) => sum + (wanted(status) ? images : 0), 0)
  const returned = mine((status) => status === 'returned')
  const open = mine(isUnfinished)
  const toReview = counts.statuses.find(({ status }) => status === 'done')?.images ?? 0
  return (
    <>
      {returned > 0 && (
        <Button
          variant="ghost"
          className="text-danger"
          onClick={() => onFilter({ assignee: 'me', status: 'returned' })}
        >
          {t('returned', { count: returned })}
        </Button>
      )}
      {open > 0 && (
        <Button variant="ghost" onClick={() => onFilter({ assignee: 'me', status: 'unfinished' })}>
          {t('mine', { count: open })}
        </Button>
      )}
      {canReview && toReview > 0 && (
        <Button variant="ghost" onClick={onReview}>
          {t('review', { count: toReview })}
        </Button>
      )}
    </>
  )
}
