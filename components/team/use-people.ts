'use client'

import { useQuery } from '@tanstack/react-query'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'

export type Person = RouterOutputs['members']['people'][number]

/** Everybody who works in the project around us. */
export function usePeople() {
  const trpc = useTRPC()
  return useQuery(trpc.members.people.queryOptions({ projectId: useProjectId() }, { staleTime: 60_000 }))
}
