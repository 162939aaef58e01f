'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { ProjectId } from '../../server/contracts/ids.ts'
import { useTRPC, useTRPCClient } from '../trpc/client.tsx'
import type { DrawOrder } from './use-draw-form.ts'

/** Begins the drawing, in a project that is there or in a new one, and goes where it can be watched. */
export function useStartDrawing(projectId: string | null, onStarted: () => void) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const router = useRouter()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ order, name }: { order: DrawOrder; name: string }) => {
      const target = projectId ?? (await newProject(name, order))
      await client.charts.draw.mutate({ projectId: ProjectId.parse(target), ...order })
      return target
    },
    onSuccess: async (target) => {
      await queryClient.invalidateQueries(trpc.charts.drawing.queryFilter())
      if (projectId === null) {
        await queryClient.invalidateQueries(trpc.projects.list.queryFilter())
        router.push(`/projects/${target}`)
      }
      onStarted()
    },
  })

  async function newProject(name: string, { options }: DrawOrder): Promise<string> {
    const { id } = await client.projects.create.mutate({ name })
    const settings = { promptLanguage: options.language }
    await client.projects.saveSettings.mutate({ projectId: ProjectId.parse(id), settings })
    return id
  }
}
