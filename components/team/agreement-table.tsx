'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { annotateAddress } from '../annotate-page/annotate-address.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import type { RouterOutputs } from '../trpc/client.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'

type Opinion = RouterOutputs['team']['secondOpinions'][number]

/** More confusions than these are single slips. */
const CONFUSIONS = 8

export function AgreementTable({ opinion }: { opinion: Opinion }) {
  const t = useTranslations('team.agreement')
  const format = useFormatter()
  const projectId = useProjectId()
  const { name, people, images, compared, agreement, worst } = opinion
  const { labels, total, confusions } = agreement
  const percent = (value: number) => format.number(value, { style: 'percent', maximumFractionDigits: 0 })
  const iou = (value: number | null) =>
    value === null ? '—' : format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return (
    <section className="flex flex-col gap-2">
      <h3 className="flex items-baseline gap-2 font-medium">
        {name}
        <span className="text-muted text-sm">
          {t('compared', { names: format.list(people), compared, images })}
        </span>
      </h3>
      {compared === 0 ? (
        <p className="text-muted">{t('notYet')}</p>
      ) : (
        <Table>
          <TableHead>
            <TableRow>
              <TableHeaderCell>{t('label')}</TableHeaderCell>
              <TableHeaderCell numeric>{t('first')}</TableHeaderCell>
              <TableHeaderCell numeric>{t('second')}</TableHeaderCell>
              <TableHeaderCell numeric>{t('pairs')}</TableHeaderCell>
              <TableHeaderCell numeric>{t('share')}</TableHeaderCell>
              <TableHeaderCell numeric>{t('iou')}</TableHeaderCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {[{ text: null, ...total }, ...labels].map(
              ({ text, first, second, pairs, agreement: share, meanIou }) => (
                <TableRow key={text ?? ''} className={text === null ? 'font-medium' : undefined}>
                  <TableCell>{text ?? t('all')}</TableCell>
                  <TableCell numeric>{format.number(first)}</TableCell>
                  <TableCell numeric>{format.number(second)}</TableCell>
                  <TableCell numeric>{format.number(pairs)}</TableCell>
                  <TableCell numeric>{percent(share)}</TableCell>
                  <TableCell numeric>{iou(meanIou)}</TableCell>
                </TableRow>
              ),
            )}
          </TableBody>
        </Table>
      )}
      {confusions.length > 0 && (
        <p className="text-sm">
          <span className="text-muted">{t('confusions')}</span>{' '}
          {format.list(
            confusions
              .slice(0, CONFUSIONS)
              .map(({ first, second, pairs }) => t('confusion', { first, second, pairs })),
          )}
        </p>
      )}
      {worst.length > 0 && (
        <p className="flex flex-wrap gap-x-3 text-sm">
          <span className="text-muted">{t('worst')}</span>
          {worst.map(({ imageId, fileName, agreement: share }) => (
            <Link
              key={imageId}
              href={annotateAddress({ projectId, imageId, q: '', isReview: false })}
              className="text-accent hover:underline"
            >
              {t('worstImage', { name: fileName, share: percent(share) })}
            </Link>
          ))}
        </p>
      )}
    </section>
  )
}
