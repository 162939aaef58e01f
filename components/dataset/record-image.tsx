'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { VersionRecord } from '../../server/contracts/version.ts'

type FrozenImage = Extract<VersionRecord, { kind: 'image' }>

/** The picture with its frozen boxes. The picture may have been deleted since; the record stays. */
export function RecordImage({ frozen }: { frozen: FrozenImage }) {
  const t = useTranslations('dataset.browser')
  const [lost, setLost] = useState<string | null>(null)
  const { imageId, fileName, width, height, expressions } = frozen
  if (lost === imageId) {
    return (
      <p className="flex aspect-video items-center justify-center rounded-md bg-sunken px-4 text-center text-muted">
        {t('imageGone')}
      </p>
    )
  }
  return (
    <div
      className="relative max-h-96 overflow-hidden rounded-md bg-sunken"
      style={{ aspectRatio: `${width} / ${height}` }}
    >
      {/* biome-ignore lint/performance/noImgElement: the studio makes its own thumbnails */}
      <img
        src={`/api/images/${imageId}`}
        alt={fileName}
        className="absolute inset-0 size-full object-contain"
        onError={() => setLost(imageId)}
      />
      <svg
        aria-hidden
        viewBox={`0 0 ${width} ${height}`}
        className="absolute inset-0 size-full fill-none stroke-accent"
      >
        {expressions.flatMap(({ text, boxes }, which) =>
          boxes.map(([x1, y1, x2, y2], at) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: frozen, so the order is the identity
              key={`${which}-${at}`}
              x={x1}
              y={y1}
              width={x2 - x1}
              height={y2 - y1}
              strokeWidth={2}
              vectorEffect="non-scaling-stroke"
            >
              <title>{text}</title>
            </rect>
          )),
        )}
      </svg>
    </div>
  )
}
