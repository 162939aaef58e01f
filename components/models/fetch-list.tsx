'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { useReconnect } from '../runs/use-reconnect.ts'
import { WorkerNotice } from '../runs/worker-notice.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Card } from '../ui/card.tsx'
import { FetchRow } from './fetch-row.tsx'

type Fetches = RouterOutputs['models']['fetches'] extends AsyncIterable<infer Item> ? Item : never
export type Fetch = Fetches[number]

/** Models on their way, live; a model that has arrived leaves this list for the other one. */
export function FetchList() {
  const t = useTranslations('models.fetches')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const live = useSubscription(trpc.models.fetches.subscriptionOptions())
  useReconnect(live)
  const fetches = live.data ?? []
  const count = useRef(0)
  useEffect(() => {
    if (fetches.length < count.current) void queryClient.invalidateQueries(trpc.models.list.queryFilter())
    count.current = fetches.length
  }, [fetches.length, queryClient, trpc])
  const resume = useMutation(trpc.models.fetch.mutationOptions())
  const cancel = useMutation(trpc.models.cancelFetch.mutationOptions())
  const discard = useMutation(trpc.models.discardFetch.mutationOptions())
  if (fetches.length === 0) return null
  return (
    <section className="mb-4">
      <WorkerNotice />
      <Card className="overflow-hidden">
        <h2 className="border-border border-b px-3 py-2 font-semibold">{t('title')}</h2>
        <ul className="divide-y divide-border">
          {fetches.map((fetch) => (
            <FetchRow
              key={fetch.id}
              fetch={fetch}
              onResume={() => resume.mutate(fetch)}
              onCancel={() => cancel.mutate({ taskId: fetch.id })}
              onDiscard={() => discard.mutate({ taskId: fetch.id })}
            />
          ))}
        </ul>
      </Card>
    </section>
  )
}
