'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Attribute } from '../../server/contracts/attribute.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { toast } from '../ui/toast.tsx'
import { type AttributeDraft, draftOf, readDraft } from './attribute-draft.ts'
import { OptionFields } from './option-fields.tsx'

const KINDS = ['select', 'number', 'text', 'checkbox'] as const
const APPLIES = ['all', 'labels', 'phrases'] as const
/** Radix has no empty value. */
const NOTHING = ' '

export interface AttributeDialogProps {
  /** Null = a new one. */
  attribute: Attribute | null
  usage: RouterOutputs['attributes']['usage'][number] | undefined
  onClose: () => void
}

/** Defines an attribute or changes its definition; asks whether values go along with what is renamed. */
export function AttributeDialog({ attribute, usage, onClose }: AttributeDialogProps) {
  const t = useTranslations('labels.attributes')
  const edits = useTranslations('labels.edits')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const labels = useQuery(trpc.labels.list.queryOptions({ projectId })).data ?? []
  const [draft, setDraft] = useState(() => draftOf(attribute))
  const [rewrite, setRewrite] = useState(true)
  const [isTried, setTried] = useState(false)
  const set = (part: Partial<AttributeDraft>) => setDraft({ ...draft, ...part })
  const read = readDraft(draft)
  const isRenamed = read.ok && attribute && (read.name !== attribute.name || read.renamedOptions.length > 0)
  const save = useMutation(
    trpc.attributes.save.mutationOptions({
      onSuccess: async ({ edits: begun }) => {
        await Promise.all([
          queries.invalidateQueries(trpc.attributes.pathFilter()),
          queries.invalidateQueries(trpc.labels.pathFilter()),
        ])
        const images = Math.max(0, ...begun.map((edit) => edit.images))
        if (images > 0) toast.success(edits('begun', { count: images }))
        onClose()
      },
    }),
  )
  const submit = () => {
    setTried(true)
    if (!read.ok) return
    const { name, rule, renamedOptions } = read
    save.mutate({ projectId, id: attribute?.id ?? null, name, rule, rewrite, renamedOptions })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={attribute ? t('changeTitle', { name: attribute.name }) : t('addTitle')}
      footer={
        <>
          {isTried && !read.ok && (
            <p role="alert" className="mr-auto text-danger">
              {t(`problems.${read.problem}`)}
            </p>
          )}
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="primary" busy={save.isPending} onClick={submit}>
            {attribute ? t('save') : t('add')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="flex flex-col items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={t('name')} className="w-full max-w-sm">
          <Input value={draft.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Segmented
          aria-label={t('kind')}
          value={draft.kind}
          onValueChange={(kind) => set({ kind, fallback: '' })}
          options={KINDS.map((value) => ({
            value,
            label: t(`kinds.${value}`),
            disabled: attribute !== null && value !== draft.kind,
          }))}
        />
        {draft.kind === 'select' && (
          <OptionFields options={draft.options} usage={usage} onChange={(options) => set({ options })} />
        )}
        {draft.kind === 'number' && <NumberFields draft={draft} onChange={set} />}
        <DefaultField draft={draft} onChange={set} />
        <div className="flex w-full flex-col items-start gap-2">
          <Segmented
            aria-label={t('appliesToLabel')}
            value={draft.to}
            onValueChange={(to) => set({ to })}
            options={APPLIES.map((value) => ({ value, label: t(`appliesTo.${value}`) }))}
          />
          {draft.to === 'labels' && (
            <div className="flex max-h-32 w-full flex-wrap gap-x-4 gap-y-1 overflow-y-auto">
              {labels.map(({ id, name }) => (
                <Checkbox
                  key={id}
                  label={name}
                  checked={draft.labels.includes(name)}
                  onCheckedChange={(on) =>
                    set({
                      labels: on ? [...draft.labels, name] : draft.labels.filter((other) => other !== name),
                    })
                  }
                />
              ))}
            </div>
          )}
        </div>
        <Checkbox
          label={t('requiredLong')}
          checked={draft.required}
          onCheckedChange={(required) => set({ required })}
        />
        {isRenamed && (usage?.boxes ?? 0) > 0 && (
          <Checkbox
            label={t('rewrite', { count: usage?.boxes ?? 0 })}
            checked={rewrite}
            onCheckedChange={setRewrite}
          />
        )}
        {/* Enter in any field saves. */}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

interface PartProps {
  draft: AttributeDraft
  onChange: (part: Partial<AttributeDraft>) => void
}

function NumberFields({ draft, onChange }: PartProps) {
  const t = useTranslations('labels.attributes')
  return (
    <div className="flex gap-3">
      {(['min', 'max', 'step', 'unit'] as const).map((field) => (
        <Field key={field} label={t(field)} className="w-24">
          <Input
            inputMode={field === 'unit' ? undefined : 'decimal'}
            value={draft[field]}
            onChange={(event) => onChange({ [field]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  )
}

function DefaultField({ draft, onChange }: PartProps) {
  const t = useTranslations('labels.attributes')
  const choices =
    draft.kind === 'select'
      ? draft.options.flatMap(({ text }) => (text.trim() ? [{ value: text.trim(), label: text.trim() }] : []))
      : draft.kind === 'checkbox'
        ? [
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]
        : null
  const unique = choices?.filter(
    ({ value }, place) => choices.findIndex((other) => other.value === value) === place,
  )
  return (
    <Field label={t('default')} hint={t('defaultHint')} className="w-full max-w-sm">
      {unique ? (
        <Select
          value={draft.fallback || NOTHING}
          onValueChange={(fallback) => onChange({ fallback: fallback.trim() })}
          options={[{ value: NOTHING, label: t('noDefault') }, ...unique]}
        />
      ) : (
        <Input value={draft.fallback} onChange={(event) => onChange({ fallback: event.target.value })} />
      )}
    </Field>
  )
}
