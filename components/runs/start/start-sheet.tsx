'use client'

import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useDeferredValue } from 'react'
import { RunPreset } from '../../../server/contracts/run.ts'
import { useProjectId } from '../../app-shell/project-context.tsx'
import { useTRPC } from '../../trpc/client.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { useAmounts } from '../use-amounts.ts'
import type { Run } from '../use-live-run.ts'
import { AdvancedFields } from './advanced-fields.tsx'
import { BaseModelChoice } from './base-model-choice.tsx'
import { ChoiceCards } from './choice-card.tsx'
import { Consequences } from './consequences.tsx'
import { ProblemList } from './problem-list.tsx'
import { useForecast } from './use-forecast.ts'
import { useStartForm } from './use-start-form.ts'

/** Base, version, method, and what follows from them; started with one button that says so. */
export function StartSheet({ onClose, cloneOf }: { onClose: () => void; cloneOf?: Run }) {
  const t = useTranslations('runs')
  const trpc = useTRPC()
  const router = useRouter()
  const queryClient = useQueryClient()
  const { duration } = useAmounts()
  const projectId = useProjectId()
  const models = useQuery(trpc.models.list.queryOptions())
  const versions = useQuery(trpc.versions.list.queryOptions({ projectId }))
  const usable = models.data?.filter(({ onDisk }) => onDisk)
  const form = useStartForm(
    projectId,
    { baseModelId: usable?.[0]?.id ?? null, versionId: versions.data?.[0]?.id ?? null },
    cloneOf,
  )
  const asked = useDeferredValue(form.input)
  const machine = useQuery(trpc.runs.machine.queryOptions())
  const cards = machine.data?.devices.filter(({ id }) => id.startsWith('cuda:')).length ?? 0
  const plan = useQuery(
    trpc.runs.preview.queryOptions(asked ?? skipToken, { placeholderData: keepPreviousData }),
  )
  const preview = plan.data
  const start = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: async ({ runId }) => {
        await queryClient.invalidateQueries(trpc.runs.pathFilter())
        router.push(`/projects/${projectId}/runs/${runId}`)
        onClose()
      },
    }),
  )
  const forecast = useForecast(form.input)
  const seconds = forecast?.known ? forecast.seconds : null
  const problems = [...(preview?.problems ?? []), ...(forecast?.known ? forecast.problems : [])]
  const isBlocked = !form.input || !preview || problems.some(({ level }) => level === 'error')
  const isQueued = problems.some(({ code }) => code === 'queue')
  const { fields } = form

  return (
    <Sheet
      open
      onOpenChange={onClose}
      size="lg"
      title={t('sheet.title')}
      description={t('sheet.description')}
      footer={
        <Button
          variant="primary"
          size="lg"
          icon={<Play />}
          disabled={isBlocked}
          busy={start.isPending}
          onClick={() => form.input && start.mutate(form.input)}
        >
          {preview
            ? t(isQueued ? 'sheet.queueOn' : 'sheet.startOn', {
                duration: seconds === null ? '' : duration(seconds),
                known: seconds === null ? 'no' : 'yes',
                device: preview.devices.map(({ id }) => id.toUpperCase()).join(' + '),
              })
            : t('sheet.startPlain')}
        </Button>
      }
    >
      <div className="space-y-5">
        <section>
          <h3 className="mb-1.5 font-medium">{t('sheet.base')}</h3>
          <BaseModelChoice
            models={models}
            value={fields.baseModelId}
            onValueChange={(baseModelId) => form.set({ baseModelId })}
          />
          <ProblemList problems={problems} field="model" />
        </section>
        <section>
          {versions.data?.length === 0 ? (
            <p className="text-muted">
              {t('sheet.noVersions')}{' '}
              <Link href={`/projects/${projectId}/dataset`} className="text-accent underline">
                {t('sheet.freeze')}
              </Link>
            </p>
          ) : (
            <Field label={t('sheet.version')}>
              <Select
                value={fields.versionId ?? undefined}
                onValueChange={(versionId) => form.set({ versionId })}
                options={(versions.data ?? []).map(({ id, number, name, stats }) => ({
                  value: id,
                  label: name || t('versionName', { number }),
                  hint: t('sheet.versionHint', {
                    train: stats.images.train,
                    val: stats.images.val,
                    expressions: stats.expressions,
                  }),
                }))}
              />
            </Field>
          )}
          <ProblemList problems={problems} field="version" />
        </section>
        <section>
          <h3 className="mb-1.5 font-medium">{t('sheet.preset')}</h3>
          <ChoiceCards
            label={t('sheet.preset')}
            columns={3}
            value={fields.preset}
            onValueChange={(preset) => form.set({ preset: RunPreset.parse(preset) })}
            choices={RunPreset.options.map((preset) => ({
              value: preset,
              title: t(`presets.${preset}.name`),
              description: t(`presets.${preset}.description`),
            }))}
          />
          <ProblemList problems={problems} field="preset" />
        </section>
        {plan.isError ? (
          <ErrorState error={plan.error} onRetry={() => plan.refetch()} className="py-4" />
        ) : (
          (preview || form.input) && <Consequences preview={preview} forecast={forecast} />
        )}
        <Field label={t('sheet.name')}>
          <Input
            value={fields.name}
            maxLength={80}
            placeholder={t('sheet.namePlaceholder')}
            onChange={(event) => form.set({ name: event.target.value })}
          />
        </Field>
        <AdvancedFields form={form} preview={preview} cards={cards} />
      </div>
    </Sheet>
  )
}
