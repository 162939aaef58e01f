'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { IOU_THRESHOLD } from '../../../server/grounding/match.ts'
import { Badge } from '../../ui/badge.tsx'
import type { ExampleGroup } from '../fold-events.ts'
import { exampleIou } from './example-iou.ts'

type Example = ExampleGroup['examples'][number]

/** One question: the picture with the true and the answered boxes, the words of both, and how well they meet. */
export function ExampleCard({ runId, example }: { runId: string; example: Example }) {
  const t = useTranslations('runs.examples')
  const [isLost, setLost] = useState(false)
  const { boxes, truth, expression, text, image } = example
  const overlap = exampleIou(boxes, truth)
  const path = image.split('/').map(encodeURIComponent).join('/')
  return (
    <li className="flex flex-col overflow-hidden rounded-lg border border-border bg-surface">
      <div className="flex h-44 items-center justify-center bg-sunken">
        {isLost || image === '' ? (
          <p className="px-3 text-center text-muted text-sm">{t('noPicture')}</p>
        ) : (
          <div className="relative">
            {/* biome-ignore lint/performance/noImgElement: a picture of the run's own data set */}
            <img
              src={`/api/runs/${runId}/pictures/${path}`}
              alt={t('picture', { expression })}
              className="block max-h-44 max-w-full"
              onError={() => setLost(true)}
            />
            <svg
              aria-hidden
              viewBox="0 0 1000 1000"
              preserveAspectRatio="none"
              className="absolute inset-0 size-full fill-none"
            >
              <Boxes boxes={truth} className="stroke-success" />
              <Boxes boxes={boxes} className="stroke-accent" />
            </svg>
          </div>
        )}
      </div>
      <div className="space-y-1 px-3 py-2">
        <p className="flex items-start gap-2">
          <span className="min-w-0 flex-1 break-words font-medium">{expression}</span>
          {overlap === null ? (
            <Badge tone={boxes.length === 0 ? 'success' : 'danger'}>
              {t(boxes.length === 0 ? 'rightlyNone' : 'wronglySome')}
            </Badge>
          ) : (
            <Badge tone={overlap >= IOU_THRESHOLD ? 'success' : 'warning'}>
              {t('iou', { iou: overlap })}
            </Badge>
          )}
        </p>
        <p className="line-clamp-3 break-all font-mono text-muted text-sm" title={text}>
          {text || t('noAnswer')}
        </p>
      </div>
    </li>
  )
}

function Boxes({ boxes, className }: { boxes: Example['boxes']; className: string }) {
  return boxes.map(([x1, y1, x2, y2]) => (
    <rect
      key={`${x1} ${y1} ${x2} ${y2}`}
      x={Math.min(x1, x2)}
      y={Math.min(y1, y2)}
      width={Math.abs(x2 - x1)}
      height={Math.abs(y2 - y1)}
      strokeWidth={2}
      vectorEffect="non-scaling-stroke"
      className={className}
    />
  ))
}
