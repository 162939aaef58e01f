'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { VersionStats } from '../../server/contracts/version.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'

/** Classes shown one by one; a longer tail is summed up in words. */
const SHOWN = 30

/** One bar a class, as long as its share of the most frequent one. */
export function ClassBalance({ labels }: { labels: VersionStats['labels'] }) {
  const t = useTranslations('dataset.balance')
  const trpc = useTRPC()
  const known = useQuery(trpc.labels.list.queryOptions({ projectId: useProjectId() }))
  const colours = new Map(known.data?.map((label) => [label.name, label.colour]))
  const most = Math.max(1, ...labels.map(({ boxes }) => boxes))
  if (labels.length === 0) return <p className="text-muted">{t('none')}</p>
  return (
    <>
      <ul className="flex flex-col gap-1.5">
        {labels.slice(0, SHOWN).map(({ text, boxes, images }) => (
          <li key={text} className="grid grid-cols-[10rem_1fr_9rem] items-center gap-3">
            <span className="truncate" title={text}>
              {text}
            </span>
            <span aria-hidden className="h-2 rounded-full bg-sunken">
              <span
                className="block h-full min-w-0.5 rounded-full bg-accent"
                style={{ width: `${(boxes / most) * 100}%`, backgroundColor: colours.get(text) }}
              />
            </span>
            <span className="text-right text-muted text-sm tabular-nums">
              {t('counts', { boxes, images })}
            </span>
          </li>
        ))}
      </ul>
      {labels.length > SHOWN && (
        <p className="mt-2 text-muted text-sm">{t('more', { count: labels.length - SHOWN })}</p>
      )}
    </>
  )
}
