'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { Ban, CircleAlert, CircleCheck, Clock, Copy } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useRef } from 'react'
import type { IngestResult } from '../../server/contracts/image.ts'
import { parseStudioError, useErrorWords } from '../trpc/studio-error.ts'
import { Spinner } from '../ui/spinner.tsx'
import type { Upload } from './upload-queue.ts'
import { linesOf, type UploadLine } from './upload-summary.ts'

const LINE_HEIGHT = 28
/** A reason needs a second line. */
const REASON_HEIGHT = 46

export function UploadList({ uploads }: { uploads: readonly Upload[] }) {
  const t = useTranslations('ingest.panel')
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => linesOf(uploads), [uploads])
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (hasReason(lines[index]) ? REASON_HEIGHT : LINE_HEIGHT),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 6,
  })
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label={t('title')}
      className="max-h-60 overflow-y-auto border-border border-t focus-visible:-outline-offset-2"
    >
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index]
          return (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute inset-x-0 flex gap-2 px-3 py-1"
              style={{ transform: `translateY(${start}px)` }}
            >
              {line && <Line line={line} />}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function hasReason(line: UploadLine | undefined): boolean {
  if (line?.kind === 'result') return line.result.outcome === 'refused'
  return line?.upload.state === 'failed'
}

function Line({ line }: { line: UploadLine }) {
  return line.kind === 'result' ? <ResultLine result={line.result} /> : <FileLine upload={line.upload} />
}

function FileLine({ upload }: { upload: Upload }) {
  const t = useTranslations('ingest.states')
  const words = useErrorWords()
  switch (upload.state) {
    case 'failed': {
      const { title, description } = words(upload.failure)
      // What the disk lacks is the thing to know; sending the file again would not help.
      const reason = parseStudioError(upload.failure).code === 'STORAGE' ? description : title
      return <Words icon={<CircleAlert className="text-danger" />} name={upload.path} reason={reason} />
    }
    case 'cancelled':
      return <Words icon={<Ban />} name={upload.path} note={t('cancelled')} />
    case 'queued':
      return <Words icon={<Clock />} name={upload.path} note={t('queued')} />
    case 'sending':
      return <Words icon={<Spinner />} name={upload.path} note={t('sending', { share: upload.sent })} />
    case 'reading':
    case 'done': {
      const count = upload.results.length
      const note = count > 1 ? t('readingEntries', { count }) : t('reading')
      return <Words icon={<Spinner />} name={upload.path} note={note} />
    }
  }
}

function ResultLine({ result }: { result: IngestResult }) {
  const t = useTranslations('ingest')
  switch (result.outcome) {
    case 'added':
      return (
        <Words icon={<CircleCheck className="text-success" />} name={result.file} note={t('states.added')} />
      )
    case 'duplicate':
      return <Words icon={<Copy />} name={result.file} note={t('states.duplicate')} />
    case 'refused':
      return (
        <Words
          icon={<CircleAlert className="text-danger" />}
          name={result.file}
          reason={t(`reasons.${result.reason}`)}
        />
      )
  }
}

interface WordsProps {
  icon: React.ReactNode
  name: string
  note?: string
  reason?: string
}

function Words({ icon, name, note, reason }: WordsProps) {
  return (
    <>
      <span aria-hidden className="mt-0.5 text-muted [&_svg]:size-4">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate" title={name}>
          {name}
        </span>
        {reason && <span className="block text-danger text-sm">{reason}</span>}
      </span>
      {note && <span className="shrink-0 text-muted text-sm tabular-nums">{note}</span>}
    </>
  )
}
