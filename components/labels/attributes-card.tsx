'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Ellipsis, Pencil, Plus, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Attribute } from '../../server/contracts/attribute.ts'
import { valueProblem } from '../../server/grounding/attributes.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AttributeDialog } from './attribute-dialog.tsx'
import { DeleteAttributeDialog } from './delete-attribute-dialog.tsx'

type Usage = RouterOutputs['attributes']['usage'][number]

/** What the editor asks of boxes, in the order of its fields; and what boxes carry that nobody has defined. */
export function AttributesCard() {
  const t = useTranslations('labels.attributes')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = useProjectId()
  const list = useQuery(trpc.attributes.list.queryOptions({ projectId }))
  const usage = useQuery(trpc.attributes.usage.queryOptions({ projectId }))
  const order = useMutation(
    trpc.attributes.order.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.attributes.pathFilter()),
    }),
  )
  const [edited, setEdited] = useState<Attribute | 'new' | null>(null)
  const [deleted, setDeleted] = useState<Attribute | null>(null)
  const attributes = list.data ?? []
  const usageOf = (name: string) => usage.data?.find((entry) => entry.name === name)
  const others = usage.data?.filter(({ name }) => !attributes.some((known) => known.name === name)) ?? []
  const move = (attribute: Attribute, by: 1 | -1) => {
    const ids = attributes.map(({ id }) => id)
    const at = ids.indexOf(attribute.id)
    ids.splice(at, 1)
    ids.splice(at + by, 0, attribute.id)
    order.mutate({ projectId, ids })
  }
  return (
    <Card>
      <CardHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Button icon={<Plus />} onClick={() => setEdited('new')}>
            {t('add')}
          </Button>
        }
      />
      <CardBody>
        {list.isPending && <Skeleton className="h-16" />}
        {list.isError && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
        {list.isSuccess && attributes.length === 0 && <p className="text-muted">{t('none')}</p>}
        <ul className="divide-y divide-border">
          {attributes.map((attribute, place) => (
            <li key={attribute.id} className="flex items-center gap-3 py-2">
              <AttributeWords attribute={attribute} usage={usageOf(attribute.name)} />
              <Menu
                align="end"
                trigger={<IconButton icon={<Ellipsis />} label={t('menu', { name: attribute.name })} />}
              >
                <MenuItem icon={<Pencil />} onSelect={() => setEdited(attribute)}>
                  {t('change')}
                </MenuItem>
                <MenuItem icon={<ArrowUp />} disabled={place === 0} onSelect={() => move(attribute, -1)}>
                  {t('up')}
                </MenuItem>
                <MenuItem
                  icon={<ArrowDown />}
                  disabled={place === attributes.length - 1}
                  onSelect={() => move(attribute, 1)}
                >
                  {t('down')}
                </MenuItem>
                <MenuItem icon={<Trash2 />} danger onSelect={() => setDeleted(attribute)}>
                  {t('delete')}
                </MenuItem>
              </Menu>
            </li>
          ))}
        </ul>
        {others.length > 0 && (
          <p className="pt-2 text-muted text-sm">
            {t('undefined', {
              names: others.map(({ name, boxes }) => `${name} (${boxes})`).join(', '),
            })}
          </p>
        )}
      </CardBody>
      {edited && (
        <AttributeDialog
          attribute={edited === 'new' ? null : edited}
          usage={edited === 'new' ? undefined : usageOf(edited.name)}
          onClose={() => setEdited(null)}
        />
      )}
      {deleted && (
        <DeleteAttributeDialog
          attribute={deleted}
          boxes={usageOf(deleted.name)?.boxes ?? 0}
          onClose={() => setDeleted(null)}
        />
      )}
    </Card>
  )
}

function AttributeWords({ attribute, usage }: { attribute: Attribute; usage: Usage | undefined }) {
  const t = useTranslations('labels.attributes')
  const { name, rule } = attribute
  const { appliesTo } = rule
  const unfit =
    usage?.values.reduce((sum, { value, boxes }) => sum + (valueProblem(rule, value) ? boxes : 0), 0) ?? 0
  const words = [
    rule.kind === 'select' ? rule.options.join(' / ') : t(`kinds.${rule.kind}`),
    appliesTo.to === 'labels' ? appliesTo.labels.join(', ') || t('noLabels') : t(`appliesTo.${appliesTo.to}`),
    ...(rule.required ? [t('required')] : []),
    t('boxes', { count: usage?.boxes ?? 0 }),
  ]
  return (
    <div className="min-w-0 flex-1">
      <p className="truncate font-medium">{name}</p>
      <p className="truncate text-muted text-sm" title={words.join(' · ')}>
        {words.join(' · ')}
      </p>
      {unfit > 0 && <p className="text-sm text-warning">{t('unfit', { count: unfit })}</p>}
    </div>
  )
}
