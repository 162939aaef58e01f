'use client'

import { ArrowRight, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useProjectId } from '../app-shell/project-context.tsx'
import type { RouterOutputs } from '../trpc/client.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { cn } from '../ui/cn.ts'

export interface UnwantedLine {
  kind: 'class' | 'phrase'
  from: string
}

type Preview = RouterOutputs['labels']['previewReplace']
type Line = Preview['lines'][number]

export interface ReplaceLinesProps {
  preview: Preview | undefined
  /** Nothing is looked for yet. */
  isEmpty: boolean
  without: readonly UnwantedLine[]
  onToggle: (line: UnwantedLine, isWanted: boolean) => void
}

/** Each distinct change with where it happens and what it would run into; a line that is not wanted is unticked. */
export function ReplaceLines({ preview, isEmpty, without, onToggle }: ReplaceLinesProps) {
  const t = useTranslations('labels.replace')
  if (isEmpty || !preview) return <p className="min-h-24 text-muted">{isEmpty ? t('nothingAsked') : null}</p>
  if (preview.lines.length === 0) return <p className="min-h-24 text-muted">{t('nothingFound')}</p>
  const hidden = preview.totals.lines + preview.refused + without.length - preview.lines.length
  return (
    <div>
      <ul aria-label={t('lines')} className="divide-y divide-border">
        {preview.lines.map((line) => (
          <LineRow
            key={`${line.kind} ${line.from}`}
            line={line}
            isWanted={!without.some(({ kind, from }) => kind === line.kind && from === line.from)}
            onToggle={(isWanted) => onToggle({ kind: line.kind, from: line.from }, isWanted)}
          />
        ))}
      </ul>
      {hidden > 0 && <p className="pt-2 text-muted">{t('more', { count: hidden })}</p>}
    </div>
  )
}

interface LineRowProps {
  line: Line
  isWanted: boolean
  onToggle: (isWanted: boolean) => void
}

function LineRow({ line, isWanted, onToggle }: LineRowProps) {
  const t = useTranslations('labels.replace')
  const invalid = useTranslations('annotator.invalid')
  const { kind, from, to, images, boxes, problem, merges, isLabel } = line
  const notes = [
    problem && invalid(problem),
    merges > 0 && t('merges', { count: merges }),
    isLabel && !problem && t('isLabel', { name: to }),
  ].filter((note): note is string => typeof note === 'string')
  return (
    <li className={cn('flex items-start gap-2 py-1.5', (problem || !isWanted) && 'text-muted')}>
      <Checkbox
        aria-label={t('take', { from, to })}
        checked={isWanted && !problem}
        disabled={problem !== null}
        onCheckedChange={onToggle}
        className="pt-0.5"
      />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <del className="break-words text-danger no-underline">{quoted(kind, from)}</del>
          <ArrowRight aria-hidden className="size-3.5 self-center text-faint" />
          <ins className={cn('break-words no-underline', problem ? 'text-muted' : 'text-success')}>
            {quoted(kind, to)}
          </ins>
        </p>
        {notes.map((note) => (
          <p key={note} className="flex items-center gap-1 text-sm text-warning [&_svg]:size-3.5">
            <TriangleAlert aria-hidden />
            {note}
          </p>
        ))}
        <Samples line={line} />
      </div>
      <span data-numeric className="whitespace-nowrap text-muted text-sm">
        {t('counts', { images, boxes })}
      </span>
    </li>
  )
}

function Samples({ line }: { line: Line }) {
  const projectId = useProjectId()
  return (
    <p className="flex flex-wrap gap-x-3 text-sm">
      {line.samples.map(({ imageId, fileName }) => (
        <Link
          key={imageId}
          href={`/projects/${projectId}/annotate/${imageId}`}
          target="_blank"
          className="truncate text-faint hover:text-text hover:underline"
        >
          {fileName}
        </Link>
      ))}
      {line.images > line.samples.length && <span className="text-faint">…</span>}
    </p>
  )
}

function quoted(kind: Line['kind'], text: string): string {
  return kind === 'phrase' ? `“${text}”` : text || '“”'
}
