'use client'

import { useQuery } from '@tanstack/react-query'
import { PackageCheck, Snowflake } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useActions } from '../app-shell/actions.ts'
import { useCan, useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FreezeSheet } from './freeze-sheet.tsx'
import { useChosenVersion } from './use-chosen-version.ts'
import { VersionDetails } from './version-details.tsx'
import { VersionList } from './version-list.tsx'

/** The frozen versions of the project's data, and the button that makes another one. */
export function DatasetPage() {
  const t = useTranslations('dataset')
  const trpc = useTRPC()
  const projectId = useProjectId()
  const mayFreeze = useCan('versions.freeze')
  const versions = useQuery(trpc.versions.list.queryOptions({ projectId }))
  const [freezing, setFreezing] = useState(false)
  const { chosen, choose } = useChosenVersion(versions.data)

  useActions(
    useMemo(
      () => [
        {
          name: 'dataset.freeze',
          label: t('freeze.open'),
          group: t('title'),
          keys: 'f',
          icon: <Snowflake />,
          isAvailable: mayFreeze,
          run: () => setFreezing(true),
        },
      ],
      [t, mayFreeze],
    ),
  )

  const freezeButton = mayFreeze && (
    <Button variant="primary" icon={<Snowflake />} onClick={() => setFreezing(true)}>
      {t('freeze.open')}
    </Button>
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-3 border-border border-b px-6 py-3">
        <div className="min-w-0 flex-1">
          <h1 className="font-semibold text-lg">{t('title')}</h1>
          <p className="text-muted">{t('description')}</p>
        </div>
        {versions.data && versions.data.length > 0 && freezeButton}
      </header>
      {versions.isPending && (
        <div aria-busy className="flex gap-6 p-6">
          <Skeleton className="h-80 w-72" />
          <Skeleton className="h-80 flex-1" />
        </div>
      )}
      {versions.isError && <ErrorState error={versions.error} onRetry={() => versions.refetch()} />}
      {versions.data?.length === 0 && (
        <EmptyState
          icon={<PackageCheck />}
          title={t('empty.title')}
          description={mayFreeze ? t('empty.description') : t('empty.askManager')}
          action={freezeButton}
        />
      )}
      {versions.data && chosen && (
        <div className="flex min-h-0 flex-1 flex-col md:flex-row">
          <VersionList versions={versions.data} chosenId={chosen.id} onChoose={choose} />
          <VersionDetails key={chosen.id} version={chosen} />
        </div>
      )}
      <FreezeSheet open={freezing} onOpenChange={setFreezing} onFrozen={choose} />
    </div>
  )
}
