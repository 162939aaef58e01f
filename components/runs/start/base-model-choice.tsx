'use client'

import { useTranslations } from 'next-intl'
import type { RouterOutputs } from '../../trpc/client.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useAmounts } from '../use-amounts.ts'
import { ChoiceCards } from './choice-card.tsx'

type Models = RouterOutputs['models']['list']

/** The bases on this server with what one needs to know to choose: size, family, licence. */
export function BaseModelChoice({
  models,
  value,
  onValueChange,
}: {
  models: { data: Models | undefined; isPending: boolean; error: unknown; refetch: () => unknown }
  value: string | null
  onValueChange: (id: string) => void
}) {
  const t = useTranslations('models')
  const runs = useTranslations('runs.sheet')
  const { bytes } = useAmounts()
  if (models.isPending) return <Skeleton className="h-14" />
  if (models.error)
    return <ErrorState error={models.error} onRetry={() => models.refetch()} className="py-4" />
  if (!models.data?.length) return <p className="text-muted">{runs('noModels')}</p>
  return (
    <ChoiceCards
      label={runs('base')}
      columns={1}
      value={value ?? undefined}
      onValueChange={onValueChange}
      choices={models.data.map(({ id, name, source, info, onDisk }) => ({
        value: id,
        title: name,
        description: [
          t('parameters', { value: info.parameters }),
          info.family,
          t(`layout.${info.layout}`),
          bytes(info.bytes),
          info.licence ?? t('unknownLicence'),
          t(`source.${source}`),
        ].join(' · '),
        note: onDisk ? undefined : t('missing'),
      }))}
    />
  )
}
