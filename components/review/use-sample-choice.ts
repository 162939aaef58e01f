'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useState } from 'react'
import { useActions } from '../app-shell/actions.ts'
import type { ScoredSample } from './scored-sample.ts'

/**
 * Which sample is looked at, at first the head of the list. It stays when new answers rearrange the list,
 * and gives way to the new head when a filter hides it. J and K go through the list as it is arranged.
 */
export function useSampleChoice(samples: readonly ScoredSample[]) {
  const t = useTranslations('review')
  const [chosenId, choose] = useState<string | null>(samples[0]?.id ?? null)
  const index = Math.max(
    0,
    samples.findIndex(({ id }) => id === chosenId),
  )
  const step = useCallback(
    (by: number) => choose(samples[Math.min(samples.length - 1, Math.max(0, index + by))]?.id ?? null),
    [samples, index],
  )
  useActions(
    useMemo(
      () => [
        { name: 'review.next', label: t('actions.next'), group: t('title'), keys: 'j', run: () => step(1) },
        {
          name: 'review.previous',
          label: t('actions.previous'),
          group: t('title'),
          keys: 'k',
          run: () => step(-1),
        },
      ],
      [t, step],
    ),
  )
  return { chosen: samples[index], choose }
}
