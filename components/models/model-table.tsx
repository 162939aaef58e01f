'use client'

import { Check, Trash } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAmounts } from '../runs/use-amounts.ts'
import type { RouterOutputs } from '../trpc/client.tsx'
import { Badge } from '../ui/badge.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { RemoveModelDialog } from './remove-model-dialog.tsx'

export type Model = RouterOutputs['models']['list'][number]

const COLUMNS = ['model', 'family', 'size', 'layout', 'tiles', 'licence', 'runs'] as const
const NUMERIC: ReadonlySet<string> = new Set(['size', 'runs'])

export function ModelTable({ models, canRemove }: { models: readonly Model[]; canRemove: boolean }) {
  const t = useTranslations('models')
  const [removing, setRemoving] = useState<Model | null>(null)
  return (
    <>
      <Table>
        <TableHead>
          <TableRow>
            {COLUMNS.map((column) => (
              <TableHeaderCell key={column} numeric={NUMERIC.has(column)}>
                {t(`columns.${column}`)}
              </TableHeaderCell>
            ))}
            <TableHeaderCell />
          </TableRow>
        </TableHead>
        <TableBody>
          {models.map((model) => (
            <ModelRow
              key={model.id}
              model={model}
              onRemove={canRemove && isRemovable(model) ? () => setRemoving(model) : null}
            />
          ))}
        </TableBody>
      </Table>
      {removing && <RemoveModelDialog model={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

/** The bundled one belongs to the program; what lies in the data folder would come back at once. */
function isRemovable({ source, inDataFolder, runs }: Model): boolean {
  return source !== 'bundled' && !inDataFolder && runs === 0
}

function ModelRow({ model, onRemove }: { model: Model; onRemove: (() => void) | null }) {
  const t = useTranslations('models')
  const { bytes } = useAmounts()
  const { name, source, info, onDisk, browserBundle, fetched, runs } = model
  const millions = (value: number) => t('parameters', { value })
  const parts = {
    vision: millions(info.parts.vision),
    projector: millions(info.parts.projector),
    language: millions(info.parts.language),
  }
  return (
    <TableRow className="align-top">
      <TableCell className="py-2">
        <span className="flex items-center gap-2 font-medium whitespace-nowrap">
          {name}
          <Badge>{t(`source.${source}`)}</Badge>
          {!onDisk && <Badge tone="danger">{t('missing')}</Badge>}
        </span>
        {fetched && (
          <span className="block font-mono text-muted text-sm">
            {t('fetchedFrom', {
              repository: fetched.repository,
              commit: (fetched.commit ?? fetched.revision).slice(0, 8),
            })}
          </span>
        )}
        <span className="flex items-center gap-1 text-muted text-sm">
          {browserBundle && <Check aria-hidden className="size-3 text-success" />}
          {t(browserBundle ? 'bundle' : 'noBundle')}
        </span>
      </TableCell>
      <TableCell className="py-2">
        <span className="whitespace-nowrap">{info.size ?? info.family}</span>
        <span className="block whitespace-nowrap text-muted text-sm">
          {[info.size && info.family, info.visionName].filter(Boolean).join(' · ')}
        </span>
        {info.template && (
          <span className="block whitespace-nowrap text-muted text-sm">
            {t('template', { template: info.template })}
          </span>
        )}
      </TableCell>
      <TableCell numeric className="py-2">
        {millions(info.parameters)}
        <span className="block whitespace-nowrap text-muted text-sm">{t('parts', parts)}</span>
      </TableCell>
      <TableCell className="py-2 whitespace-nowrap">
        {t(`layout.${info.layout}`)}, {bytes(info.bytes)}
        {info.tokenizer && (
          <span className="block text-muted text-sm">{t(`tokenizer.${info.tokenizer.kind}`)}</span>
        )}
        {info.tokenizer && info.tokenizer.missing.length > 0 && (
          <Tooltip
            content={t('tokenizerMissing', {
              count: info.tokenizer.missing.length,
              tokens: info.tokenizer.missing.join(' '),
            })}
          >
            <Badge tone="warning">+{info.tokenizer.missing.length}</Badge>
          </Tooltip>
        )}
      </TableCell>
      <TableCell className="py-2 whitespace-nowrap">
        {t('tile', { size: info.imageSize, tokens: info.tokensPerTile })}
      </TableCell>
      <TableCell className="py-2 whitespace-nowrap">{info.licence ?? t('unknownLicence')}</TableCell>
      <TableCell numeric className="py-2">
        {runs}
      </TableCell>
      <TableCell className="py-1.5 text-right">
        {onRemove && (
          <IconButton size="sm" icon={<Trash />} label={t('remove', { name })} onClick={onRemove} />
        )}
      </TableCell>
    </TableRow>
  )
}
