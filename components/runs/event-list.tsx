'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Card } from '../ui/card.tsx'
import { cn } from '../ui/cn.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Table, TableBody, TableCell, TableRow } from '../ui/table.tsx'
import type { RunHistory } from './fold-events.ts'
import { useEventWords } from './use-event-words.ts'

/** The list shows the newest; the file on the server has all. */
const MOST_SHOWN = 300

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const

export function EventList({ history }: { history: RunHistory }) {
  const t = useTranslations('runs.events')
  const format = useFormatter()
  const words = useEventWords()
  const [kind, setKind] = useState<'important' | 'all'>('important')
  const wanted = history.events.filter((event) => kind === 'all' || event.type !== 'step')
  const shown = wanted.slice(-MOST_SHOWN).reverse()
  return (
    <Card className="overflow-hidden">
      <div className="flex items-center gap-3 px-3 py-2">
        <Segmented
          aria-label={t('filter')}
          value={kind}
          onValueChange={setKind}
          options={[
            { value: 'important', label: t('important') },
            { value: 'all', label: t('all') },
          ]}
        />
        <span className="text-muted text-sm">
          {wanted.length > shown.length && t('shown', { shown: shown.length, total: wanted.length })}
        </span>
        {history.skipped > 0 && (
          <span role="status" className="text-sm text-warning">
            {t('skipped', { count: history.skipped })}
          </span>
        )}
      </div>
      {shown.length === 0 && <p className="px-3 pb-3 text-muted">{t('empty')}</p>}
      <div className="max-h-96 overflow-y-auto">
        <Table>
          <TableBody>
            {shown.map((event) => {
              const { what, details } = words(event)
              return (
                <TableRow key={event.seq}>
                  <TableCell className="w-24 py-2 align-top whitespace-nowrap text-muted tabular-nums">
                    <time dateTime={event.time}>{format.dateTime(new Date(event.time), CLOCK)}</time>
                  </TableCell>
                  <TableCell
                    className={cn(
                      'py-2 align-top',
                      event.type === 'error' && 'text-danger',
                      event.type === 'warning' && 'text-warning',
                    )}
                  >
                    {what}
                    {details && <span className="block break-all text-muted text-sm">{details}</span>}
                  </TableCell>
                </TableRow>
              )
            })}
          </TableBody>
        </Table>
      </div>
    </Card>
  )
}
