'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { VersionStats } from '../../server/contracts/version.ts'

/** The counts of a version, or of what a freeze would hold; zeros that say nothing are left out. */
export function StatsGrid({ stats }: { stats: VersionStats }) {
  const t = useTranslations('dataset.stats')
  const format = useFormatter()
  const { images, expressions, boxes, negatives, skippedNegatives, conversations, leftOut } = stats
  const figures = [
    { name: 'train', value: images.train, always: true },
    { name: 'val', value: images.val, always: true },
    { name: 'test', value: images.test },
    { name: 'expressions', value: expressions, always: true },
    { name: 'boxes', value: boxes, always: true },
    { name: 'negatives', value: negatives },
    { name: 'skippedNegatives', value: skippedNegatives },
    { name: 'conversations', value: conversations },
    { name: 'leftOut', value: leftOut },
  ] as const
  return (
    <dl className="flex flex-wrap gap-px overflow-hidden rounded-lg border border-border bg-border">
      {figures
        .filter((figure) => figure.value > 0 || 'always' in figure)
        .map(({ name, value }) => (
          <div key={name} className="min-w-32 flex-1 bg-surface px-3 py-2">
            <dt className="truncate text-muted text-sm">{t(name)}</dt>
            <dd className="font-semibold text-md tabular-nums">{format.number(value)}</dd>
          </div>
        ))}
    </dl>
  )
}
