'use client'

import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { WORKER_DOWN_AFTER_SECONDS } from '../../server/contracts/worker.ts'
import { useTRPC } from '../trpc/client.tsx'

/** Says that nothing will happen while the worker is down; nothing at all while it is up. */
export function WorkerNotice() {
  const t = useTranslations('runs')
  const trpc = useTRPC()
  const machine = useQuery(
    trpc.runs.machine.queryOptions(undefined, { refetchInterval: WORKER_DOWN_AFTER_SECONDS * 1000 }),
  )
  if (machine.data?.workerUp !== false) return null
  return (
    <p
      role="status"
      className="mb-4 flex items-center gap-2 rounded-lg bg-warning-soft px-3 py-2 text-warning"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      {t('workerDown')}
    </p>
  )
}
