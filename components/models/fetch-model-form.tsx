'use client'

import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { FetchModel, ModelHub } from '../../server/contracts/fetch-event.ts'
import { useAmounts } from '../runs/use-amounts.ts'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError } from '../trpc/studio-error.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { toast } from '../ui/toast.tsx'
import type { ModelFormProps } from './model-form-props.ts'
import { PUBLISHED_MODELS } from './published-models.ts'

/** Names a repository of a hub; the worker fetches it while one goes on working. */
export function FetchModelForm({ id, onDone, onBusy }: ModelFormProps) {
  const t = useTranslations('models.dialog')
  const trpc = useTRPC()
  const { bytes } = useAmounts()
  const [repository, setRepository] = useState('')
  const [revision, setRevision] = useState('')
  const [source, setSource] = useState<ModelHub>('huggingface')
  const [isWrong, setWrong] = useState(false)
  const fetch = useMutation(
    trpc.models.fetch.mutationOptions({
      meta: { quiet: true },
      onSettled: () => onBusy(false),
      onSuccess: () => {
        toast.success(t('queued', { repository: repository.trim() }))
        onDone()
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const input = FetchModel.safeParse({ source, repository, revision: revision.trim() || null })
    setWrong(!input.success)
    if (!input.success) return
    onBusy(true)
    fetch.mutate(input.data)
  }
  const error = fetch.error && parseStudioError(fetch.error).message
  return (
    <form id={id} onSubmit={submit} className="space-y-4">
      <Field
        label={t('repository')}
        hint={t('repositoryHint')}
        error={isWrong ? t('repositoryError') : (error ?? undefined)}
      >
        <Input
          value={repository}
          onChange={(event) => setRepository(event.target.value)}
          placeholder={PUBLISHED_MODELS[1].repository}
          className="font-mono"
          spellCheck={false}
        />
      </Field>
      <div>
        <h3 className="mb-1 text-muted text-sm">{t('known')}</h3>
        <ul className="flex flex-wrap gap-1.5">
          {PUBLISHED_MODELS.map((known) => (
            <li key={known.repository}>
              <button
                type="button"
                aria-pressed={repository === known.repository}
                title={t('knownSize', { size: bytes(known.gigabytes * 1e9) })}
                onClick={() => setRepository(known.repository)}
                className="rounded-md border border-border px-2 py-0.5 text-sm hover:border-border-strong aria-pressed:border-accent aria-pressed:bg-accent-soft"
              >
                {known.repository.split('/')[1]}{' '}
                <span className="text-muted tabular-nums">{bytes(known.gigabytes * 1e9)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-1">
          <span className="font-medium">{t('source')}</span>
          <Segmented
            aria-label={t('source')}
            value={source}
            onValueChange={setSource}
            options={ModelHub.options.map((hub) => ({ value: hub, label: t(`sources.${hub}`) }))}
            className="self-start"
          />
        </div>
        <Field label={t('revision')} hint={t('revisionHint')}>
          <Input value={revision} onChange={(event) => setRevision(event.target.value)} spellCheck={false} />
        </Field>
      </div>
      <p className="text-muted text-sm">{t('fetchNote')}</p>
    </form>
  )
}
