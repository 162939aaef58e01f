'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RunId } from '../../server/contracts/ids.ts'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import { AssistError } from '../assist/assist-error.ts'
import { Assistant } from '../assist/assistant.ts'
import { wait } from '../assist/wait.ts'
import { useTRPC, useTRPCClient } from '../trpc/client.tsx'
import {
  backendText,
  type OpenQuestion,
  type PredictionPorts,
  type PredictionState,
  predictAll,
} from './predict-all.ts'

/** Milliseconds between two looks at whether the base's bundle is there. */
const WAIT_FOR_BUNDLE_MS = 1500

export interface BrowserPredictions {
  state: PredictionState | null
  /** What ended the last attempt; a cancellation is none. */
  error: unknown
  start: (questions: Record<PredictionModel, readonly OpenQuestion[]>) => void
  cancel: () => void
}

/** Runs both models of a run in this tab. Leaving the page cancels; what was answered is kept. */
export function useBrowserPredictions(runId: RunId): BrowserPredictions {
  const ports = usePorts(runId)
  const [state, setState] = useState<PredictionState | null>(null)
  const [error, setError] = useState<unknown>(null)
  const running = useRef<AbortController | null>(null)

  const cancel = useCallback(() => running.current?.abort(), [])
  useEffect(() => cancel, [cancel])

  const start = useCallback<BrowserPredictions['start']>(
    async (questions) => {
      if (running.current) return
      const abort = new AbortController()
      running.current = abort
      setError(null)
      try {
        await predictAll(questions, ports, setState, abort.signal)
      } catch (thrown) {
        // After a cancellation whatever was under way fails, each part in its own words.
        if (!abort.signal.aborted) setError(thrown)
      } finally {
        running.current = null
        setState(null)
      }
    },
    [ports],
  )
  return { state, error, start, cancel }
}

function usePorts(runId: RunId): PredictionPorts {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  return useMemo(
    () => ({
      async provideBundle(model, signal) {
        for (let asked = false; ; asked = true) {
          signal.throwIfAborted()
          if ((await client.predictions.bundles.query({ runId }, { signal }))[model]) return
          if (model === 'tuned') throw new AssistError('noBundle', 'The run has made no browser bundle.')
          if (!asked) await client.runs.exportBase.mutate({ runId }, { signal })
          const { exportBase } = await client.runs.tasks.query({ runId }, { signal })
          if (exportBase?.status === 'failed') throw new AssistError('noBundle', exportBase.reason ?? '')
          await wait(WAIT_FOR_BUNDLE_MS, signal)
        }
      },
      open: (model, options) => Assistant.open(`/api/runs/${runId}/bundles/${model}`, options),
      async save(model, backend, answers) {
        await client.predictions.save.mutate({ runId, model, backend: backendText(backend), answers })
        await queries.invalidateQueries(trpc.predictions.review.queryFilter({ runId }))
      },
    }),
    [runId, trpc, client, queries],
  )
}
