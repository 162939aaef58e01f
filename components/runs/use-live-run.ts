'use client'

import { useSubscription } from '@trpc/tanstack-react-query'
import { useReducer, useState } from 'react'
import type { RunId } from '../../server/contracts/ids.ts'
import type { RunEvent } from '../../server/contracts/run-events.ts'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { EMPTY_HISTORY, foldEvents, type RunHistory } from './fold-events.ts'
import { useReconnect } from './use-reconnect.ts'

export type Run = RouterOutputs['runs']['byId']

export interface LiveRun {
  run: Run | null
  history: RunHistory
  error: unknown
  /** False while the connection is down; the browser tries again by itself. */
  isConnected: boolean
  retry: () => void
}

/** A run and its events as they happen. After a break the server goes on at the last byte that came. */
export function useLiveRun(runId: RunId): LiveRun {
  const trpc = useTRPC()
  const [run, setRun] = useState<Run | null>(null)
  const [history, addEvents] = useReducer(
    (current: RunHistory, { events, skipped }: { events: RunEvent[]; skipped: number }) =>
      foldEvents(current, events, skipped),
    EMPTY_HISTORY,
  )
  const subscription = useSubscription(
    trpc.runs.events.subscriptionOptions(
      { runId },
      {
        onData: ({ data }) => {
          if (data.kind === 'run') setRun(data.run)
          else addEvents(data)
        },
      },
    ),
  )
  useReconnect(subscription)
  return {
    run,
    history,
    error: subscription.error,
    isConnected: subscription.status === 'pending',
    retry: subscription.reset,
  }
}
