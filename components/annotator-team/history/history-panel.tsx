'use client'

import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Session } from '../../annotator/sync/session.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { Comparison } from './compared-boxes.ts'
import { SittingRow } from './sitting-row.tsx'
import { sittingsOf } from './sittings.ts'
import { type ComparedSitting, useHistory } from './use-history.ts'
import { useRestore } from './use-restore.ts'

export interface HistoryPanelProps {
  session: Session
  imageId: string
  revision: number
  mayWrite: boolean
  compared: ComparedSitting | null
  onCompare: (compared: ComparedSitting | null) => void
  /** Undefined while it is on its way. */
  comparison: Comparison | undefined
}

/** Who did what on this image and when; a press shows it on the picture, and any state can come back. */
export function HistoryPanel(props: HistoryPanelProps) {
  const { session, imageId, revision, mayWrite, compared, onCompare, comparison } = props
  const t = useTranslations('team.history')
  const history = useHistory(imageId, revision)
  const { restore, isBusy } = useRestore(session, imageId)
  const sittings = useMemo(() => sittingsOf(history.data?.pages.flat() ?? []), [history.data])
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-2">
      {history.isPending && <Skeleton className="h-32" />}
      {history.isError && !history.data && (
        <ErrorState error={history.error} onRetry={() => history.refetch()} />
      )}
      {history.data && sittings.length === 0 && <p className="px-1 py-2 text-muted">{t('empty')}</p>}
      <ol className="flex flex-col gap-1">
        {sittings.map((sitting) => {
          const { first, last } = sitting
          const isOpen = compared !== null && compared.last >= first && compared.last <= last
          return (
            <SittingRow
              key={last}
              sitting={sitting}
              compared={isOpen ? compared : null}
              isNewest={compared?.last === revision}
              comparison={isOpen ? comparison : undefined}
              onCompare={onCompare}
              onRestore={mayWrite ? restore : null}
              isRestoring={isBusy}
            />
          )
        })}
      </ol>
      {history.hasNextPage && (
        <Button
          variant="ghost"
          size="sm"
          className="mt-2 w-full"
          busy={history.isFetchingNextPage}
          onClick={() => history.fetchNextPage()}
        >
          {t('older')}
        </Button>
      )}
    </div>
  )
}
