'use client'

import { skipToken } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useState } from 'react'
import type { StartRun } from '../../../server/contracts/run.ts'
import type { RunForecast } from '../../../server/contracts/run-preview.ts'
import { useTRPC } from '../../trpc/client.tsx'

/** Each question starts a process on the server, so it is asked when the typing has paused. */
const PAUSE_MS = 800

/** The trainer's own estimate for what the sheet holds; undefined until it has come. */
export function useForecast(input: StartRun | null): RunForecast | undefined {
  const trpc = useTRPC()
  const question = input === null ? null : JSON.stringify({ ...input, name: '' })
  const [asked, setAsked] = useState<StartRun | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `question` stands for what of `input` matters
  useEffect(() => {
    setAsked(null)
    const timer = setTimeout(() => setAsked(input && { ...input, name: '' }), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [question])
  const answer = useSubscription(trpc.runs.forecast.subscriptionOptions(asked ?? skipToken))
  if (answer.error) return { known: false, reason: 'failed', message: answer.error.message }
  return asked ? answer.data : undefined
}
