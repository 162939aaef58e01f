'use client'

import Link from 'next/link'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { Progress } from '../ui/progress.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { RunStatusBadge } from './run-status-badge.tsx'
import type { RunCard } from './runs-page.tsx'

export function RunTable({ runs, projectId }: { runs: readonly RunCard[]; projectId: string }) {
  const t = useTranslations('runs')
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeaderCell>{t('list.run')}</TableHeaderCell>
          <TableHeaderCell>{t('list.status')}</TableHeaderCell>
          <TableHeaderCell className="w-48">{t('list.progress')}</TableHeaderCell>
          <TableHeaderCell numeric>
            <Tooltip content={t('list.precisionHint')}>
              <button type="button" className="cursor-help">
                {t('list.precision')}
              </button>
            </Tooltip>
          </TableHeaderCell>
          <TableHeaderCell>{t('list.base')}</TableHeaderCell>
          <TableHeaderCell>{t('list.preset')}</TableHeaderCell>
          <TableHeaderCell>{t('list.version')}</TableHeaderCell>
          <TableHeaderCell>{t('when')}</TableHeaderCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} projectId={projectId} />
        ))}
      </TableBody>
    </Table>
  )
}

function RunRow({ run, projectId }: { run: RunCard; projectId: string }) {
  const t = useTranslations('runs')
  const format = useFormatter()
  const now = useNow({ updateInterval: 60_000 })
  const { progress } = run
  const version = run.datasets[0]?.version
  const share = run.status === 'succeeded' ? 1 : progress ? progress.step / progress.totalSteps : 0
  return (
    <TableRow className="relative hover:bg-hover">
      <TableCell>
        {/* The link covers the row, so that the whole of it can be clicked and it stays one tab stop. */}
        <Link
          href={`/projects/${projectId}/runs/${run.id}`}
          className="font-medium after:absolute after:inset-0"
        >
          {t('name', { number: run.number })}
        </Link>
        {run.name && <span className="ml-2 text-muted">{run.name}</span>}
      </TableCell>
      <TableCell>
        <RunStatusBadge status={run.status} />
      </TableCell>
      <TableCell>
        <span className="flex items-center gap-2">
          <Progress
            value={run.status === 'starting' ? null : share}
            label={t('list.progress')}
            tone={run.status === 'failed' || run.status === 'lost' ? 'danger' : 'accent'}
            className="w-24"
          />
          {progress && (
            <span className="text-muted text-sm tabular-nums">
              {progress.step}/{progress.totalSteps}
            </span>
          )}
        </span>
      </TableCell>
      <TableCell numeric>
        {progress?.precisionAt1 === null || progress === null
          ? '–'
          : format.number(progress.precisionAt1, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
      </TableCell>
      <TableCell className="whitespace-nowrap">{run.baseModel.name}</TableCell>
      <TableCell className="whitespace-nowrap">{t(`presets.${run.preset}.name`)}</TableCell>
      <TableCell className="whitespace-nowrap">
        {version && (version.name || t('versionName', { number: version.number }))}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        <time dateTime={run.createdAt.toISOString()}>{format.relativeTime(run.createdAt, now)}</time>
      </TableCell>
    </TableRow>
  )
}
