import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ProjectId } from '../../server/contracts/ids.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'

export type Prelabel = RouterOutputs['suggestions']['prelabels'][number]

const LOOK_EVERY_MS = 1_500
/** What ended longer ago is no news. */
const NEWS_MS = 24 * 60 * 60 * 1000
const DISMISSED = 'refbox-prelabels-dismissed'

export function goesOn({ status }: Prelabel): boolean {
  return status === 'queued' || status === 'running' || status === 'cancelling'
}

/** The prelabellings of this project that go on, and those that have ended and were not dismissed yet. */
export function usePrelabels() {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = ProjectId.parse(useProjectId())
  const filter = trpc.suggestions.prelabels.queryFilter({ projectId })
  const { data = [] } = useQuery(
    trpc.suggestions.prelabels.queryOptions(
      { projectId },
      { refetchInterval: ({ state }) => (state.data?.some(goesOn) ? LOOK_EVERY_MS : false) },
    ),
  )
  const [dismissed, setDismissed] = useState(readDismissed)
  const dismiss = (id: string) => {
    const next = [...dismissed, id].slice(-50)
    localStorage.setItem(DISMISSED, JSON.stringify(next))
    setDismissed(next)
  }
  const going = data.filter(goesOn).length
  const before = useRef(going)
  useEffect(() => {
    // One has ended: its suggestions are on the images now.
    if (going < before.current) void queries.invalidateQueries(trpc.images.pathFilter())
    before.current = going
  }, [going, queries, trpc])
  const refresh = { onSettled: () => queries.invalidateQueries(filter) }
  const cancel = useMutation(trpc.suggestions.cancelPrelabel.mutationOptions(refresh))
  const retry = useMutation(trpc.suggestions.retryPrelabel.mutationOptions(refresh))
  return {
    prelabels: data.filter(
      (each) =>
        goesOn(each) || (!dismissed.includes(each.id) && Date.now() - each.createdAt.getTime() < NEWS_MS),
    ),
    dismiss,
    cancel: (taskId: string) => cancel.mutate({ projectId, taskId }),
    retry: (taskId: string) => retry.mutate({ projectId, taskId }),
  }
}

function readDismissed(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(DISMISSED) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}
