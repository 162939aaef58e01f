'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { ProjectId } from '../../server/contracts/ids.ts'
import type { SomeImages } from '../../server/contracts/image.ts'
import { MAX_PRELABEL_EXPRESSIONS } from '../../server/contracts/suggestion.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Textarea } from '../ui/textarea.tsx'
import { toast } from '../ui/toast.tsx'
import { readPhrases } from './read-phrases.ts'

export interface PrelabelDialogProps {
  images: SomeImages
  /** How many they are. */
  count: number
  onClose: () => void
}

/** Asks a model of the server for boxes on many images. */
export function PrelabelDialog({ images, count, onClose }: PrelabelDialogProps) {
  const t = useTranslations('assist.prelabel')
  const find = useTranslations('assist.find')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = ProjectId.parse(useProjectId())
  const models = useQuery(trpc.suggestions.models.queryOptions({ projectId })).data ?? []
  const labels = useQuery(trpc.labels.list.queryOptions({ projectId })).data ?? []
  const [key, setKey] = useState<string>()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [typed, setTyped] = useState('')
  const [onlyMissing, setOnlyMissing] = useState(true)

  // The newest tuned model stands first, else the base that comes with the studio.
  const model = models.find((each) => each.key === key) ?? models[0]
  const classes = labels.filter(({ name }) => !left.has(name))
  const { phrases, problem } = readPhrases(typed)
  const expressions = [
    ...classes.map(({ name }) => ({ kind: 'class' as const, text: name })),
    ...phrases.map((text) => ({ kind: 'phrase' as const, text })),
  ]
  const { mutate, isPending } = useMutation(
    trpc.suggestions.prelabel.mutationOptions({
      onSuccess: async (started) => {
        await queries.invalidateQueries(trpc.suggestions.prelabels.queryFilter({ projectId }))
        toast.success(t('started', { questions: started.questions, images: started.images }))
        onClose()
      },
    }),
  )
  const note = noteOf()
  const canStart =
    model && !problem && expressions.length > 0 && expressions.length <= MAX_PRELABEL_EXPRESSIONS
  const start = () => {
    if (model && canStart) mutate({ projectId, images, model: model.ref, expressions, onlyMissing })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('title', { count })}
      description={t('description')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="primary" busy={isPending} disabled={!canStart} onClick={start}>
            {t('start')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('model')}>
          <Select
            value={model?.key}
            onValueChange={setKey}
            placeholder={t('chooseModel')}
            options={models.map((each) => ({
              value: each.key,
              label: each.name,
              hint: find(each.ref.kind),
            }))}
          />
        </Field>
        <fieldset className="flex min-w-0 flex-col gap-1">
          <legend className="mb-1 font-medium">{t('classes')}</legend>
          {labels.length === 0 && <p className="text-muted">{t('noClasses')}</p>}
          {labels.length > 0 && (
            <Checkbox
              label={t('allClasses', { count: labels.length })}
              checked={classes.length === labels.length || (classes.length > 0 ? 'indeterminate' : false)}
              onCheckedChange={(all) => setLeft(new Set(all ? [] : labels.map(({ name }) => name)))}
            />
          )}
          <div className="grid max-h-36 grid-cols-2 gap-x-4 gap-y-1 overflow-y-auto pl-6">
            {labels.map(({ name, colour }) => (
              <Checkbox
                key={name}
                label={
                  <span className="flex min-w-0 items-center gap-1.5">
                    <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: colour }} />
                    <span className="truncate">{name}</span>
                  </span>
                }
                checked={!left.has(name)}
                onCheckedChange={(chosen) => setLeft(withChoice(left, name, chosen))}
              />
            ))}
          </div>
        </fieldset>
        <Field
          label={t('phrases')}
          hint={t('phrasesHint')}
          error={problem === null ? undefined : t('phraseProblem', { text: problem })}
        >
          <Textarea rows={3} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <div>
          <Checkbox label={t('onlyMissing')} checked={onlyMissing} onCheckedChange={setOnlyMissing} />
          <p className="pl-6 text-muted text-sm">{t('onlyMissingHint')}</p>
        </div>
        <p className="text-muted text-sm">{note}</p>
      </div>
    </Dialog>
  )

  function noteOf(): string {
    if (expressions.length === 0) return t('nothing')
    if (expressions.length > MAX_PRELABEL_EXPRESSIONS) return t('tooMany', { most: MAX_PRELABEL_EXPRESSIONS })
    return t('questions', { count: count * expressions.length })
  }
}

/** What is left out, after one class was taken in or left out. */
function withChoice(left: ReadonlySet<string>, name: string, isChosen: boolean): ReadonlySet<string> {
  const next = new Set(left)
  if (isChosen) next.delete(name)
  else next.add(name)
  return next
}
