'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useProjectId } from '../app-shell/project-context.tsx'
import type { RouterOutputs } from '../trpc/client.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'
import { Initials } from './initials.tsx'

type PersonStatistics = RouterOutputs['team']['statistics'][number]

const MINUTE = 60

export function PersonTable({ people }: { people: readonly PersonStatistics[] }) {
  const t = useTranslations('team.table')
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeaderCell>{t('name')}</TableHeaderCell>
          <TableHeaderCell numeric>{t('open')}</TableHeaderCell>
          <TableHeaderCell numeric>{t('images')}</TableHeaderCell>
          <TableHeaderCell numeric>{t('boxes')}</TableHeaderCell>
          <TableHeaderCell>{t('between')}</TableHeaderCell>
          <TableHeaderCell numeric>
            <abbr title={t('activeHint')} className="no-underline">
              {t('active')}
            </abbr>
          </TableHeaderCell>
          <TableHeaderCell>{t('verdicts')}</TableHeaderCell>
          <TableHeaderCell numeric>{t('judged')}</TableHeaderCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </TableBody>
    </Table>
  )
}

function PersonRow({ person }: { person: PersonStatistics }) {
  const t = useTranslations('team.table')
  const format = useFormatter()
  const projectId = useProjectId()
  const { name, images, boxes, assigned, unfinished, firstAt, lastAt, activeSeconds, judged } = person
  const open = `/projects/${projectId}?q=${encodeURIComponent(`status:unfinished assignee:"${name.replaceAll(/["\\]/g, '\\$&')}"`)}`
  const minutes = Math.round(activeSeconds / MINUTE)
  return (
    <TableRow>
      <TableCell>
        <span className="flex items-center gap-2 font-medium">
          <Initials name={name} />
          {name}
        </span>
      </TableCell>
      <TableCell numeric>
        {assigned === 0 ? (
          <None />
        ) : (
          <Link href={open} className="text-accent hover:underline">
            {t('openOf', { open: unfinished, total: assigned })}
          </Link>
        )}
      </TableCell>
      <TableCell numeric>{format.number(images)}</TableCell>
      <TableCell numeric>{format.number(boxes)}</TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {firstAt && lastAt ? format.dateTimeRange(firstAt, lastAt, { dateStyle: 'medium' }) : <None />}
      </TableCell>
      <TableCell numeric>
        {activeSeconds === 0 ? (
          <None />
        ) : minutes === 0 ? (
          t('moment')
        ) : (
          t('duration', { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
        )}
      </TableCell>
      <TableCell>
        <Verdicts person={person} />
      </TableCell>
      <TableCell numeric>{judged === 0 ? <None /> : format.number(judged)}</TableCell>
    </TableRow>
  )
}

/** The shares as a bar and in words. */
function Verdicts({ person: { accepted, returned } }: { person: PersonStatistics }) {
  const t = useTranslations('team.table')
  const total = accepted + returned
  if (total === 0) return <None />
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className="flex h-1.5 w-16 overflow-hidden rounded-full bg-danger">
        <span className="bg-success" style={{ width: `${(100 * accepted) / total}%` }} />
      </span>
      <span className="tabular-nums">{t('shares', { accepted: accepted / total, count: total })}</span>
    </span>
  )
}

function None() {
  return <span className="text-faint">{'—'}</span>
}
