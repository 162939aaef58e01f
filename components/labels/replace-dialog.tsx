'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useState } from 'react'
import { TextSearch } from '../../server/contracts/bulk-edit.ts'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { toast } from '../ui/toast.tsx'
import { ReplaceLines, type UnwantedLine } from './replace-lines.tsx'

export interface ReplaceDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** What is looked for at first. */
  find?: string
  /** What the grid shows now; left out = all images. */
  filtered?: { filter: ImageFilter; total: number }
}

/** Finds a text in expressions of the project and shows each change before any of it is made. */
export function ReplaceDialog({ open, onOpenChange, find = '', filtered }: ReplaceDialogProps) {
  if (!open) return null
  return <ReplaceForm key={find} find={find} filtered={filtered} onClose={() => onOpenChange(false)} />
}

interface ReplaceFormProps {
  find: string
  filtered: ReplaceDialogProps['filtered'] | undefined
  onClose: () => void
}

function ReplaceForm({ find: first, filtered, onClose }: ReplaceFormProps) {
  const t = useTranslations('labels.replace')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const [find, setFind] = useState(first)
  const [replace, setReplace] = useState('')
  const [mode, setMode] = useState<TextSearch['mode']>('text')
  const [kind, setKind] = useState<TextSearch['kind']>('both')
  const [whole, setWhole] = useState(first !== '')
  const [caseSensitive, setCaseSensitive] = useState(false)
  const [isFiltered, setFiltered] = useState(filtered !== undefined)
  const [without, setWithout] = useState<readonly UnwantedLine[]>([])

  // A new search has new lines: what was unticked before means nothing to it.
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value)
      setWithout([])
    }
  const filter = isFiltered && filtered ? filtered.filter : {}
  const search = { find, replace, mode, whole, caseSensitive, kind, filter }
  const asked = useDeferredValue(JSON.stringify({ projectId, search, without: [...without] }))
  const input: { projectId: typeof projectId; search: typeof search; without: UnwantedLine[] } =
    JSON.parse(asked)
  const preview = useQuery(
    trpc.labels.previewReplace.queryOptions(input, {
      enabled: TextSearch.safeParse(input.search).success,
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 0,
    }),
  )
  const { mutate, isPending } = useMutation(
    trpc.labels.replace.mutationOptions({
      onSuccess: async ({ images }) => {
        await queries.invalidateQueries(trpc.labels.pathFilter())
        toast.success(t('begun', { count: images }))
        onClose()
      },
      // The preview is not true any more: the new one is shown, and the words say why.
      onError: () => preview.refetch(),
    }),
  )
  const shown = find === '' ? undefined : preview.data
  const isSettled = !preview.isPlaceholderData && asked === JSON.stringify({ projectId, search, without })
  const totals = shown?.totals
  const error = find !== '' && preview.isError ? parseStudioError(preview.error).message : undefined
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={t('title')}
      description={t('description')}
      footer={
        <>
          <p role="status" data-numeric className="mr-auto flex items-center gap-2 text-muted">
            {totals && t('totals', totals)}
            {preview.isFetching && <Spinner />}
          </p>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant="primary"
            busy={isPending}
            disabled={!totals || totals.lines === 0 || !isSettled || preview.isFetching || preview.isError}
            onClick={() => totals && mutate({ ...input, expected: totals })}
          >
            {t('apply', { count: totals?.images ?? 0 })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <div className="grid grid-cols-2 gap-3">
          <Field label={t('find')} error={error}>
            <Input value={find} maxLength={500} onChange={(event) => change(setFind)(event.target.value)} />
          </Field>
          <Field label={t('with')} hint={mode === 'pattern' ? t('patternHint') : undefined}>
            <Input
              value={replace}
              maxLength={500}
              onChange={(event) => change(setReplace)(event.target.value)}
            />
          </Field>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Segmented
            aria-label={t('mode')}
            value={mode}
            onValueChange={change(setMode)}
            options={[
              { value: 'text', label: t('modes.text') },
              { value: 'pattern', label: t('modes.pattern') },
            ]}
          />
          <Segmented
            aria-label={t('kind')}
            value={kind}
            onValueChange={change(setKind)}
            options={[
              { value: 'both', label: t('kinds.both') },
              { value: 'class', label: t('kinds.class') },
              { value: 'phrase', label: t('kinds.phrase') },
            ]}
          />
          <Checkbox label={t('whole')} checked={whole} onCheckedChange={change(setWhole)} />
          <Checkbox label={t('case')} checked={caseSensitive} onCheckedChange={change(setCaseSensitive)} />
          {filtered && (
            <Checkbox
              label={t('filtered', { count: filtered.total })}
              checked={isFiltered}
              onCheckedChange={change(setFiltered)}
            />
          )}
        </div>
        <ReplaceLines
          preview={shown}
          isEmpty={find === ''}
          without={without}
          onToggle={(line, isWanted) =>
            setWithout(
              isWanted
                ? without.filter(({ kind: other, from }) => other !== line.kind || from !== line.from)
                : [...without, line],
            )
          }
        />
      </div>
    </Dialog>
  )
}
