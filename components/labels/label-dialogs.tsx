'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { LabelId } from '../../server/contracts/ids.ts'
import { checkText } from '../annotator/panels/check-text.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Combobox } from '../ui/combobox.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useLabelWays } from './use-label-ways.ts'

export type UsedLabel = RouterOutputs['labels']['usage'][number]
export type LabelTask = 'rename' | 'merge' | 'delete'

export interface LabelDialogsProps {
  /** What is done to which class; null = nothing. */
  asked: { task: LabelTask; name: string } | null
  onClose: () => void
}

/** Renames, merges or deletes one class; says first how many images and boxes that reaches. */
export function LabelDialogs({ asked, onClose }: LabelDialogsProps) {
  const trpc = useTRPC()
  const projectId = useProjectId()
  const usage = useQuery(trpc.labels.usage.queryOptions({ projectId }, { enabled: asked !== null }))
  const label = usage.data?.find(({ name }) => name === asked?.name)
  if (!asked || !label || !usage.data) return null
  const others = usage.data.filter(({ id }) => id !== label.id)
  const props = { label, others, onClose }
  switch (asked.task) {
    case 'rename':
      return <RenameDialog {...props} />
    case 'merge':
      return <MergeDialog {...props} />
    case 'delete':
      return <DeleteDialog {...props} />
  }
}

interface TaskProps {
  label: UsedLabel
  others: readonly UsedLabel[]
  onClose: () => void
}

function RenameDialog({ label, others, onClose }: TaskProps) {
  const t = useTranslations('labels')
  const common = useTranslations('common')
  const problems = useTranslations('annotator.invalid')
  const projectId = useProjectId()
  const { rename, merge } = useLabelWays(onClose)
  const [name, setName] = useState(label.name)
  const checked = checkText(name)
  const taken = others.find((other) => other.name === name.trim())
  const error = taken
    ? t('rename.taken', { name: taken.name })
    : !checked.ok && name !== ''
      ? problems(checked.problem)
      : undefined
  const labelId = LabelId.parse(label.id)
  const apply = () => {
    if (taken) merge.mutate({ projectId, labelId, intoId: LabelId.parse(taken.id) })
    else if (checked.ok) rename.mutate({ projectId, labelId, name: checked.text })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={t('rename.title', { name: label.name })}
      description={t('reach', { images: label.images, boxes: label.boxes })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant="primary"
            busy={rename.isPending || merge.isPending}
            disabled={!taken && (!checked.ok || checked.text === label.name)}
            onClick={apply}
          >
            {taken ? t('merge.confirm') : t('rename.confirm')}
          </Button>
        </>
      }
    >
      <Field label={t('rename.name')} error={error}>
        <Input
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && apply()}
        />
      </Field>
    </Dialog>
  )
}

function MergeDialog({ label, others, onClose }: TaskProps) {
  const t = useTranslations('labels')
  const common = useTranslations('common')
  const projectId = useProjectId()
  const { merge } = useLabelWays(onClose)
  const [intoId, setIntoId] = useState<string>()
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={t('merge.title', { name: label.name })}
      description={t('merge.description', { images: label.images, boxes: label.boxes })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant="primary"
            busy={merge.isPending}
            disabled={!intoId}
            onClick={() =>
              merge.mutate({ projectId, labelId: LabelId.parse(label.id), intoId: LabelId.parse(intoId) })
            }
          >
            {t('merge.confirm')}
          </Button>
        </>
      }
    >
      <Field label={t('merge.into')}>
        <LabelChoice labels={others} value={intoId} onChange={setIntoId} />
      </Field>
    </Dialog>
  )
}

function DeleteDialog({ label, others, onClose }: TaskProps) {
  const t = useTranslations('labels')
  const common = useTranslations('common')
  const projectId = useProjectId()
  const { remove } = useLabelWays(onClose)
  const [intoId, setIntoId] = useState<string>()
  const isUsed = label.images > 0
  const [what, setWhat] = useState<'move' | 'delete'>(others.length > 0 ? 'move' : 'delete')
  const apply = () => {
    const input = { projectId, labelId: LabelId.parse(label.id) }
    if (!isUsed) remove.mutate(input)
    else if (what === 'delete') remove.mutate({ ...input, boxes: { what } })
    else if (intoId) remove.mutate({ ...input, boxes: { what, intoId: LabelId.parse(intoId) } })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={t('delete.title', { name: label.name })}
      description={
        isUsed ? t('delete.used', { images: label.images, boxes: label.boxes }) : t('delete.unused')
      }
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant="danger"
            busy={remove.isPending}
            disabled={isUsed && what === 'move' && !intoId}
            onClick={apply}
          >
            {isUsed && what === 'delete'
              ? t('delete.withBoxes', { count: label.boxes })
              : t('delete.confirm')}
          </Button>
        </>
      }
    >
      {isUsed && (
        <div className="flex flex-col items-start gap-3">
          <Segmented
            aria-label={t('delete.choice')}
            value={what}
            onValueChange={setWhat}
            options={[
              { value: 'move', label: t('delete.move'), disabled: others.length === 0 },
              { value: 'delete', label: t('delete.deleteBoxes') },
            ]}
          />
          {what === 'move' && (
            <Field label={t('merge.into')} className="w-full">
              <LabelChoice labels={others} value={intoId} onChange={setIntoId} />
            </Field>
          )}
          {what === 'delete' && <p className="text-muted">{t('delete.deleteHint')}</p>}
        </div>
      )}
    </Dialog>
  )
}

interface LabelChoiceProps {
  labels: readonly UsedLabel[]
  value: string | undefined
  onChange: (id: string) => void
}

function LabelChoice({ labels, value, onChange }: LabelChoiceProps) {
  const t = useTranslations('labels')
  return (
    <Combobox
      value={value}
      onValueChange={onChange}
      placeholder={t('merge.choose')}
      className="w-full"
      options={labels.map(({ id, name, boxes }) => ({
        value: id,
        label: name,
        hint: t('boxes', { count: boxes }),
      }))}
    />
  )
}
