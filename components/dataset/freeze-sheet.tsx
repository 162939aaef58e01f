'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Snowflake } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useState } from 'react'
import { ProjectId } from '../../server/contracts/ids.ts'
import { VersionOptions } from '../../server/contracts/version.ts'
import { useProject, useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'
import { StatsGrid } from './stats-grid.tsx'
import { VersionOptionFields } from './version-option-fields.tsx'

export interface FreezeSheetProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  onFrozen: (versionId: string) => void
}

/** Options of a new version, with the counts that each choice leads to. */
export function FreezeSheet({ open, onOpenChange, onFrozen }: FreezeSheetProps) {
  const t = useTranslations('dataset.freeze')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const projectId = ProjectId.parse(useProjectId())
  const language = useProject().data?.settings.promptLanguage
  const words = useErrorWords()
  const [name, setName] = useState('')
  const [edited, setEdited] = useState<VersionOptions | null>(null)
  // Until something is edited the prompts follow the project's language.
  const options = edited ?? VersionOptions.parse({ conversation: { language } })
  const isLegal = VersionOptions.safeParse(options).success
  const asked = useDeferredValue(options)
  const preview = useQuery(
    trpc.versions.preview.queryOptions(
      { projectId, options: asked },
      { enabled: open && VersionOptions.safeParse(asked).success, placeholderData: keepPreviousData },
    ),
  )
  const freeze = useMutation(
    trpc.versions.freeze.mutationOptions({
      meta: { quiet: true },
      onSuccess: async ({ id, number, isNew }) => {
        await queryClient.invalidateQueries(trpc.versions.list.queryFilter({ projectId }))
        if (isNew) toast.success(t('done', { number }))
        else toast.info(t('unchanged', { number }))
        onOpenChange(false)
        onFrozen(id)
      },
    }),
  )
  const usable = preview.data ? preview.data.images.train + preview.data.conversations : 0
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => {
        if (next) freeze.reset()
        onOpenChange(next)
      }}
      title={t('title')}
      description={t('description')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button
            variant="primary"
            icon={<Snowflake />}
            busy={freeze.isPending}
            disabled={!isLegal || usable === 0}
            onClick={() => freeze.mutate({ projectId, name, options })}
          >
            {t('submit', {
              count: preview.data ? usable + preview.data.images.val + preview.data.images.test : 0,
            })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Field label={t('name')} hint={t('nameHint')}>
          <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        </Field>
        <VersionOptionFields options={options} onChange={setEdited} />
        <section aria-label={t('counts')} aria-live="polite" className="flex flex-col gap-2">
          <h3 className="font-medium">{t('counts')}</h3>
          {preview.data ? <StatsGrid stats={preview.data} /> : <Skeleton className="h-24" />}
          {preview.data && usable === 0 && <p className="text-danger text-sm">{t('nothing')}</p>}
          {preview.data && usable > 0 && preview.data.images.val === 0 && (
            <p className="text-sm text-warning">{t('noValidation')}</p>
          )}
        </section>
        {(freeze.isError || preview.isError) && (
          <p role="alert" className="text-danger">
            {words(freeze.error ?? preview.error).description}
          </p>
        )}
      </div>
    </Sheet>
  )
}
