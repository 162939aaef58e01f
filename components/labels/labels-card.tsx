'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Combine, Ellipsis, Pencil, Plus, Replace, Trash2 } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { LabelId } from '../../server/contracts/ids.ts'
import { checkText } from '../annotator/panels/check-text.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Input } from '../ui/input.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'
import { LabelDialogs, type LabelTask, type UsedLabel } from './label-dialogs.tsx'
import { ReplaceDialog } from './replace-dialog.tsx'

/** The project's classes: their order is that of the number keys in the editor. */
export function LabelsCard() {
  const t = useTranslations('labels')
  const trpc = useTRPC()
  const projectId = useProjectId()
  const usage = useQuery(trpc.labels.usage.queryOptions({ projectId }))
  const [asked, setAsked] = useState<{ task: LabelTask; name: string } | null>(null)
  const [isReplacing, setReplacing] = useState(false)
  const ways = useLabelSet()
  const labels = usage.data ?? []
  const move = (label: UsedLabel, by: 1 | -1) => {
    const ids = labels.map(({ id }) => id)
    const at = ids.indexOf(label.id)
    ids.splice(at, 1)
    ids.splice(at + by, 0, label.id)
    ways.order.mutate({ projectId, ids: ids.map((id) => LabelId.parse(id)) })
  }
  return (
    <Card>
      <CardHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Button icon={<Replace />} onClick={() => setReplacing(true)}>
            {t('replace.open')}
          </Button>
        }
      />
      <CardBody className="px-1 pb-4">
        {usage.isPending && <Skeleton className="mx-3 h-24" />}
        {usage.isError && <ErrorState error={usage.error} onRetry={() => usage.refetch()} />}
        {labels.length > 0 && (
          <Table>
            <TableHead>
              <TableRow>
                <TableHeaderCell>{t('name')}</TableHeaderCell>
                <TableHeaderCell numeric>{t('images')}</TableHeaderCell>
                <TableHeaderCell numeric>{t('boxesHeader')}</TableHeaderCell>
                <TableHeaderCell />
              </TableRow>
            </TableHead>
            <TableBody>
              {labels.map((label, place) => (
                <LabelRow
                  key={label.id}
                  label={label}
                  onColour={(colour) => ways.save.mutate({ projectId, name: label.name, colour })}
                  onTask={(task) => setAsked({ task, name: label.name })}
                  onUp={place > 0 ? () => move(label, -1) : null}
                  onDown={place < labels.length - 1 ? () => move(label, 1) : null}
                />
              ))}
            </TableBody>
          </Table>
        )}
        {usage.isSuccess && <AddLabel names={labels.map(({ name }) => name)} ways={ways} />}
      </CardBody>
      <LabelDialogs asked={asked} onClose={() => setAsked(null)} />
      <ReplaceDialog open={isReplacing} onOpenChange={setReplacing} />
    </Card>
  )
}

interface LabelRowProps {
  label: UsedLabel
  onColour: (colour: string) => void
  onTask: (task: LabelTask) => void
  /** Null = it is at the end already. */
  onUp: (() => void) | null
  onDown: (() => void) | null
}

function LabelRow({ label, onColour, onTask, onUp, onDown }: LabelRowProps) {
  const t = useTranslations('labels')
  const format = useFormatter()
  const { name, colour, images, boxes } = label
  return (
    <TableRow>
      <TableCell className="max-w-64">
        <span className="flex items-center gap-2">
          <input
            type="color"
            aria-label={t('colour', { name })}
            defaultValue={colour}
            key={colour}
            onBlur={(event) => event.target.value !== colour && onColour(event.target.value)}
            className="size-5 shrink-0 cursor-pointer rounded border border-border bg-transparent p-0"
          />
          <span className="truncate" title={name}>
            {name}
          </span>
        </span>
      </TableCell>
      <TableCell numeric>{format.number(images)}</TableCell>
      <TableCell numeric>{format.number(boxes)}</TableCell>
      <TableCell numeric className="w-10">
        <Menu align="end" trigger={<IconButton icon={<Ellipsis />} label={t('menu', { name })} />}>
          <MenuItem icon={<Pencil />} onSelect={() => onTask('rename')}>
            {t('rename.open')}
          </MenuItem>
          <MenuItem icon={<Combine />} onSelect={() => onTask('merge')}>
            {t('merge.open')}
          </MenuItem>
          <MenuItem icon={<ArrowUp />} disabled={!onUp} onSelect={() => onUp?.()}>
            {t('up')}
          </MenuItem>
          <MenuItem icon={<ArrowDown />} disabled={!onDown} onSelect={() => onDown?.()}>
            {t('down')}
          </MenuItem>
          <MenuItem icon={<Trash2 />} danger onSelect={() => onTask('delete')}>
            {t('delete.open')}
          </MenuItem>
        </Menu>
      </TableCell>
    </TableRow>
  )
}

function AddLabel({ names, ways }: { names: readonly string[]; ways: ReturnType<typeof useLabelSet> }) {
  const t = useTranslations('labels')
  const projectId = useProjectId()
  const [name, setName] = useState('')
  const checked = checkText(name)
  const isKnown = checked.ok && names.includes(checked.text)
  return (
    <form
      className="flex items-center gap-2 px-3 pt-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (checked.ok && !isKnown) {
          ways.save.mutate({ projectId, name: checked.text }, { onSuccess: () => setName('') })
        }
      }}
    >
      <Input
        aria-label={t('add')}
        placeholder={t('add')}
        className="max-w-64"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" icon={<Plus />} disabled={!checked.ok || isKnown} busy={ways.save.isPending}>
        {t('addButton')}
      </Button>
    </form>
  )
}

function useLabelSet() {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries(trpc.labels.pathFilter())
  return {
    save: useMutation(trpc.labels.save.mutationOptions({ onSuccess })),
    order: useMutation(trpc.labels.order.mutationOptions({ onSuccess })),
  }
}
