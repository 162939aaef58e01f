'use client'

import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { DrawingPreview } from '../../server/contracts/chart.ts'
import { labelColour } from '../../server/contracts/label-colours.ts'
import { BoxOverlay } from '../images/box-overlay.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ReportList } from './report-list.tsx'

/** Some of the pictures with their boxes, and what is to be known about the sources. */
export function PreviewPane({
  preview,
  isDrawing,
}: {
  preview: DrawingPreview | undefined
  isDrawing: boolean
}) {
  const t = useTranslations('charts.preview')
  const colours = useMemo(() => {
    const classes = preview?.pictures.flatMap(({ expressions }) =>
      expressions.filter(({ kind }) => kind === 'class').map(({ text }) => text),
    )
    return new Map([...new Set(classes)].map((text, at) => [text, labelColour(at)]))
  }, [preview])
  if (!preview) {
    return (
      <div aria-busy className="grid grid-cols-2 gap-2 lg:grid-cols-3">
        <span className="sr-only">{t('drawing')}</span>
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <Skeleton key={key} className="aspect-[4/3] rounded-md" />
        ))}
      </div>
    )
  }
  return (
    <div aria-busy={isDrawing} className="flex flex-col gap-3">
      <ReportList preview={preview} />
      <ul
        className={`grid grid-cols-2 gap-2 transition-opacity lg:grid-cols-3 ${isDrawing ? 'opacity-60' : ''}`}
      >
        {preview.pictures.map((picture) => (
          <Picture key={picture.fileName} picture={picture} colours={colours} />
        ))}
      </ul>
      {preview.pictures.length > 0 && (
        <ul className="flex flex-wrap gap-x-3 gap-y-1 text-sm">
          {[...colours].map(([text, colour]) => (
            <li key={text} className="flex items-center gap-1.5">
              <span aria-hidden className="size-2 rounded-full" style={{ background: colour }} />
              {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Picture({
  picture,
  colours,
}: {
  picture: DrawingPreview['pictures'][number]
  colours: ReadonlyMap<string, string>
}) {
  const t = useTranslations('charts.preview')
  const { fileName, url, width, height, expressions } = picture
  const boxes = expressions.flatMap(({ text, boxes: own, kind }) =>
    // A phrase has the box of a thing that is drawn already.
    kind === 'phrase'
      ? []
      : own.map(([x, y, right, bottom]) => ({ x, y, width: right - x, height: bottom - y, text })),
  )
  const phrases = expressions.filter(({ kind }) => kind === 'phrase').map(({ text }) => text)
  return (
    <li className="flex min-w-0 flex-col gap-1">
      <div className="relative aspect-[4/3] overflow-hidden rounded-md border border-border bg-active">
        {/* biome-ignore lint/performance/noImgElement: a data URL needs no optimiser */}
        <img
          src={url}
          alt={t('alt', { name: fileName, boxes: boxes.length })}
          className="size-full object-contain"
        />
        <BoxOverlay image={{ width, height, boxes }} colours={colours} />
      </div>
      {phrases.map((text) => (
        <p key={text} className="truncate text-muted text-xs" title={text}>
          {text}
        </p>
      ))}
    </li>
  )
}
