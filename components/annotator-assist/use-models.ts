import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { ProjectId } from '../../server/contracts/ids.ts'
import { useTRPC } from '../trpc/client.tsx'
import { type AssistModel, chosenModel, keepChoice, readChoice } from './model-choice.ts'

const LOOK_EVERY_MS = 1_500

export interface Models {
  /** Undefined while they are on their way. */
  models: readonly AssistModel[] | undefined
  chosen: AssistModel | undefined
  choose: (key: string) => void
  /** Makes the bundle of a base model. */
  make: (model: AssistModel) => void
}

export function isBeingMade({ making }: AssistModel): boolean {
  return making?.status === 'queued' || making?.status === 'running'
}

/** The models that this project's people can ask, and the one they chose. */
export function useModels(project: string): Models {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const projectId = ProjectId.parse(project)
  const options = trpc.suggestions.models.queryOptions({ projectId })
  const { data: models } = useQuery({
    ...options,
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data?.some(isBeingMade) ? LOOK_EVERY_MS : false),
  })
  const [stored, setStored] = useState(() => readChoice(projectId))
  const choose = useCallback(
    (key: string) => {
      keepChoice(projectId, key)
      setStored(key)
    },
    [projectId],
  )
  const { mutate } = useMutation(
    trpc.suggestions.exportBase.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: options.queryKey }),
    }),
  )
  const make = useCallback(
    ({ ref }: AssistModel) => {
      if (ref.kind === 'base') mutate({ projectId, baseModelId: ref.baseModelId })
    },
    [mutate, projectId],
  )
  return { models, chosen: models && chosenModel(models, stored), choose, make }
}
