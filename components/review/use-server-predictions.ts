'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { RunId } from '../../server/contracts/ids.ts'
import type { PredictionModel } from '../../server/contracts/prediction.ts'
import type { TaskProgress } from '../../server/contracts/worker.ts'
import { useTRPC } from '../trpc/client.tsx'

const LOOK_EVERY_MS = 2_000

export interface ServerPredictions {
  /** Models whose predictions wait or are being made, with their counts. */
  active: { model: PredictionModel; progress: TaskProgress | null }[]
  /** Why the newest attempt of a model failed. */
  failures: { model: PredictionModel; reason: string }[]
  start: () => void
  isStarting: boolean
}

/** Predictions that the worker makes; they go on when this page is closed. */
export function useServerPredictions(runId: RunId): ServerPredictions {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const tasks = useQuery(
    trpc.runs.tasks.queryOptions(
      { runId },
      { refetchInterval: ({ state }) => (activeOf(state.data).length > 0 ? LOOK_EVERY_MS : false) },
    ),
  )
  const active = activeOf(tasks.data)
  const before = useRef(0)
  useEffect(() => {
    // One has ended: its answers are in the database now.
    if (active.length < before.current) {
      void queries.invalidateQueries(trpc.predictions.review.queryFilter({ runId }))
    }
    before.current = active.length
  }, [active.length, queries, trpc, runId])

  const predict = useMutation(
    trpc.runs.predict.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.runs.tasks.queryFilter({ runId })),
    }),
  )
  return {
    active,
    failures: failuresOf(tasks.data),
    start: () => {
      predict.mutate({ runId, model: 'base' })
      predict.mutate({ runId, model: 'tuned' })
    },
    isStarting: predict.isPending,
  }
}

interface Task {
  status: string
  progress: TaskProgress | null
  reason: string | null
}
type Tasks = { predictBase: Task | null; predictTuned: Task | null } | undefined

function byModel(tasks: Tasks): [PredictionModel, Task | null][] {
  return [
    ['base', tasks?.predictBase ?? null],
    ['tuned', tasks?.predictTuned ?? null],
  ]
}

function activeOf(tasks: Tasks): ServerPredictions['active'] {
  return byModel(tasks).flatMap(([model, task]) =>
    task?.status === 'queued' || task?.status === 'running' ? [{ model, progress: task.progress }] : [],
  )
}

function failuresOf(tasks: Tasks): ServerPredictions['failures'] {
  return byModel(tasks).flatMap(([model, task]) =>
    task?.status === 'failed' ? [{ model, reason: task.reason ?? '' }] : [],
  )
}
