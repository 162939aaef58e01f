'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Boxes, FolderPlus, RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useViewer } from '../app-shell/viewer.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'
import { AddModelDialog } from './add-model-dialog.tsx'
import { FetchList } from './fetch-list.tsx'
import { ModelTable } from './model-table.tsx'

export function ModelsPage() {
  const t = useTranslations('models')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { isOwner } = useViewer()
  const models = useQuery(trpc.models.list.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const scan = useMutation(
    trpc.models.scan.mutationOptions({
      onSuccess: async ({ refused }) => {
        await queryClient.invalidateQueries(trpc.models.pathFilter())
        if (refused.length === 0) toast.success(t('scanned'))
      },
    }),
  )
  const refused = scan.data?.refused ?? []
  return (
    <div className="mx-auto w-full max-w-6xl px-6 py-6">
      <header className="mb-4 flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-lg">{t('title')}</h1>
          <p className="text-muted">{t('description')}</p>
        </div>
        {isOwner ? (
          <>
            <Button icon={<RefreshCw />} busy={scan.isPending} onClick={() => scan.mutate()}>
              {t('scan')}
            </Button>
            <Button variant="primary" icon={<FolderPlus />} onClick={() => setAdding(true)}>
              {t('add')}
            </Button>
          </>
        ) : (
          <p className="text-muted text-sm">{t('ownerOnly')}</p>
        )}
      </header>
      {isOwner && <FetchList />}
      {models.isPending && <Skeleton className="h-40" />}
      {models.isError && <ErrorState error={models.error} onRetry={() => models.refetch()} />}
      {models.data?.length === 0 && (
        <EmptyState icon={<Boxes />} title={t('empty.title')} description={t('empty.description')} />
      )}
      {models.data && models.data.length > 0 && (
        <Card className="overflow-x-auto">
          <ModelTable models={models.data} canRemove={isOwner} />
        </Card>
      )}
      {refused.length > 0 && (
        <section className="mt-4 rounded-lg bg-warning-soft px-3 py-2">
          <h2 className="flex items-center gap-2 font-medium text-warning">
            <TriangleAlert aria-hidden className="size-4" /> {t('refused')}
          </h2>
          <p className="text-sm">{t('refusedDescription')}</p>
          <ul className="mt-1 list-disc pl-5 text-sm">
            {refused.map(({ name, problem }) => (
              <li key={name} className="break-words">
                {problem}
              </li>
            ))}
          </ul>
        </section>
      )}
      {isAdding && <AddModelDialog onClose={() => setAdding(false)} />}
    </div>
  )
}
