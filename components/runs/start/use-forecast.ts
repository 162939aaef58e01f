'use client'

import { skipToken } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useState } from 'react'
import { StartRun } from '../../../server/contracts/run.ts'
import type { RunForecast } from '../../../server/contracts/run-preview.ts'
import { useTRPC } from '../../trpc/client.tsx'

/** Each question starts a process on the server, so it is asked when the typing has paused. */
const PAUSE_MS = 800

/** The trainer's own estimate for what the sheet holds; undefined until it has come. */
export function useForecast(input: StartRun | null): RunForecast | undefined {
  const trpc = useTRPC()
  const question = input === null ? null : JSON.stringify({ ...input, name: '' })
  const [asked, setAsked] = useState<string | null>(null)
  const [answer, setAnswer] = useState<{ question: string; forecast: RunForecast } | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(question), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [question])
  const isAsking = asked !== null && asked === question && answer?.question !== question
  const live = useSubscription(
    trpc.runs.forecast.subscriptionOptions(isAsking ? StartRun.parse(JSON.parse(asked)) : skipToken, {
      // Kept here: the subscription itself forgets its data when the server has said all.
      onData: (forecast) => setAnswer(asked === null ? null : { question: asked, forecast }),
    }),
  )
  if (answer !== null && answer.question === question) return answer.forecast
  return live.error ? { known: false, reason: 'failed', message: live.error.message } : undefined
}
