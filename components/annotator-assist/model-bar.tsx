'use client'

import { PackageCheck, ScanSearch, TriangleAlert, X } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { askedForAll } from '../annotator/actions/suggestion-actions.ts'
import { listEntries, type ProjectLabel } from '../annotator/document/entries.ts'
import type { Editor } from '../annotator/editor/editor.ts'
import { useKeymap } from '../annotator/keymap/use-keymap.ts'
import { AssistError } from '../assist/assist-error.ts'
import { useFormatBytes } from '../i18n/use-format-bytes.ts'
import { useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Progress } from '../ui/progress.tsx'
import { Select } from '../ui/select.tsx'
import type { AssistModel } from './model-choice.ts'
import type { Finding, FindState } from './use-finder.ts'
import { isBeingMade } from './use-models.ts'

export interface ModelBarProps {
  editor: Editor
  finding: Finding
  labels: readonly ProjectLabel[]
}

/** Which model finds boxes here, and what it is doing now. */
export function ModelBar({ editor, finding, labels }: ModelBarProps) {
  const t = useTranslations('assist.find')
  const keymap = useKeymap()
  const { models = [], chosen, choose, make, finder, state } = finding
  const hint = (model: AssistModel) => {
    if (model.bundle) return t(model.ref.kind)
    return model.ref.kind === 'base' ? t('notReady') : t('notInBrowser')
  }
  const findAll = () => {
    const { doc, drafts } = editor.getState()
    finder?.find(askedForAll(listEntries(doc, drafts, labels)))
  }
  const isBusy = state.phase === 'making' || state.phase === 'loading' || state.phase === 'asking'
  return (
    <div className="mt-1.5 flex flex-col gap-1">
      <div className="flex items-center gap-1.5">
        <Select
          size="sm"
          aria-label={t('model')}
          className="min-w-0 flex-1"
          value={chosen?.key}
          onValueChange={choose}
          placeholder={t('noModels')}
          options={models.map((model) => ({
            value: model.key,
            label: model.name,
            hint: hint(model),
            disabled: !model.bundle && model.ref.kind === 'tuned',
          }))}
        />
        {chosen && !chosen.bundle && !isBusy ? (
          <Button size="sm" icon={<PackageCheck />} busy={isBeingMade(chosen)} onClick={() => make(chosen)}>
            {t('make')}
          </Button>
        ) : (
          <Button
            size="sm"
            icon={<ScanSearch />}
            title={keymap.get('findAll')?.[0]}
            disabled={isBusy}
            onClick={findAll}
          >
            {t('all')}
          </Button>
        )}
      </div>
      {chosen?.making?.status === 'failed' && state.phase !== 'making' && (
        <Problem text={t('makeFailed', { reason: chosen.making.reason ?? '' })} />
      )}
      <Status state={state} onCancel={() => finder?.cancel()} />
    </div>
  )
}

function Status({ state, onCancel }: { state: FindState; onCancel: () => void }) {
  const t = useTranslations('assist.find')
  const words = useStatusWords(state)
  const problem = useProblemWords(state)
  if (problem) return <Problem {...problem} />
  if (state.phase === 'idle' || state.phase === 'failed') return null
  return (
    <div role="status" className="flex items-center gap-1.5">
      <div className="min-w-0 flex-1">
        <p data-numeric className="truncate text-muted text-sm" title={words}>
          {words}
        </p>
        {state.phase !== 'done' && <Progress value={shareOf(state)} label={words} className="mt-0.5 h-1" />}
      </div>
      {state.phase !== 'done' && <IconButton size="sm" label={t('cancel')} icon={<X />} onClick={onCancel} />}
    </div>
  )
}

function Problem({ text, detail }: { text: string; detail?: string | undefined }) {
  return (
    <p
      role="alert"
      className="flex gap-1.5 text-danger text-sm [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0"
    >
      <TriangleAlert aria-hidden />
      <span className="min-w-0 break-words" title={detail}>
        {text}
      </span>
    </p>
  )
}

function shareOf(state: FindState): number | null {
  if (state.phase === 'asking') return state.done / state.total
  return state.phase === 'loading' && state.stage === 'download' && state.total > 0
    ? state.loaded / state.total
    : null
}

function useStatusWords(state: FindState): string {
  const t = useTranslations('assist.find')
  const format = useFormatter()
  const bytes = useFormatBytes()
  switch (state.phase) {
    case 'making':
      return t('making', { model: state.model })
    case 'loading':
      return state.stage === 'open'
        ? t('opening', { model: state.model })
        : t('loading', { model: state.model, loaded: bytes(state.loaded), total: bytes(state.total) })
    case 'asking':
      return t('asking', {
        ...{ model: state.model, text: state.text, total: state.total },
        number: state.done + 1,
      })
    case 'done': {
      const seconds = format.number(state.milliseconds / 1000, { maximumFractionDigits: 1 })
      const backend = t('backend', { model: state.model, threads: state.backend.threads })
      return `${backend} · ${t('took', { count: state.count, seconds })}`
    }
    default:
      return ''
  }
}

function useProblemWords(state: FindState): { text: string; detail: string | undefined } | null {
  const t = useTranslations('assist.find')
  const errorWords = useErrorWords()
  if (state.phase !== 'failed') return null
  const { error } = state
  if (error instanceof AssistError) return { text: t(`failures.${error.code}`), detail: error.message }
  const { title, description } = errorWords(error)
  return { text: title, detail: description }
}
