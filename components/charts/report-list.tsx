'use client'

import { CircleAlert, Info } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { DrawingPreview } from '../../server/contracts/chart.ts'

/** Fewer charts than this and none is held out. */
const HELD_OUT_FROM = 5

/** What is wrong with the sources and what they say that will not show, each with its file and line. */
export function ReportList({ preview }: { preview: DrawingPreview }) {
  const t = useTranslations('charts')
  const { problems, notes, count, charts } = preview
  const place = (file: string, line: number | null) =>
    line === null ? file : t('preview.place', { file, line })
  return (
    <>
      {problems.length > 0 && (
        <section role="alert" className="rounded-lg bg-danger-soft p-3 text-sm">
          <h3 className="mb-1 flex items-center gap-2 font-medium text-danger">
            <CircleAlert aria-hidden className="size-4" />
            {t('preview.problems', { count: problems.length })}
          </h3>
          <Lines>
            {problems.map(({ file, line, reason, detail }) => (
              <li key={`${file} ${line} ${reason} ${detail}`}>
                {t('preview.line', { place: place(file, line), words: t(`problems.${reason}`, { detail }) })}
              </li>
            ))}
          </Lines>
        </section>
      )}
      {notes.length > 0 && (
        <details className="rounded-lg bg-active px-3 py-2 text-sm">
          <summary className="cursor-pointer">{t('preview.notes', { count: notes.length })}</summary>
          <Lines>
            {notes.map(({ file, line, reason, detail }) => (
              <li key={`${file} ${line} ${reason} ${detail}`} className="text-muted">
                {t('preview.line', { place: place(file, line), words: t(`notes.${reason}`, { detail }) })}
              </li>
            ))}
          </Lines>
        </details>
      )}
      {problems.length === 0 && count > 0 && charts > 0 && count < HELD_OUT_FROM && (
        <p className="flex items-center gap-2 text-muted text-sm">
          <Info aria-hidden className="size-4 shrink-0" />
          {t('preview.noHeldOut')}
        </p>
      )}
    </>
  )
}

function Lines({ children }: { children: ReactNode }) {
  return <ul className="mt-1 flex max-h-40 flex-col gap-1 overflow-y-auto break-words">{children}</ul>
}
