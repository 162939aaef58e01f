'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import type { DrawingState } from '../../server/contracts/chart.ts'
import { ProjectId } from '../../server/contracts/ids.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'

const LOOK_EVERY_MS = 600
/** The grid is fetched anew after so many more pictures. */
const REFRESH_AFTER = 24

/** The drawing into this project as it goes on; tells its end once, to those who have seen it going on. */
export function useDrawing(): { drawing: DrawingState | null; cancel: () => void } {
  const t = useTranslations('charts.progress')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const projectId = ProjectId.parse(useProjectId())
  const { data } = useQuery(
    trpc.charts.drawing.queryOptions(
      { projectId },
      { refetchInterval: ({ state }) => (state.data?.status === 'drawing' ? LOOK_EVERY_MS : false) },
    ),
  )
  const cancel = useMutation(trpc.charts.cancel.mutationOptions())
  const watched = useRef<{ id: string; shown: number } | null>(null)
  useEffect(() => {
    if (!data) return
    if (data.status === 'drawing' && watched.current?.id !== data.id)
      watched.current = { id: data.id, shown: 0 }
    const seen = watched.current
    if (!seen || seen.id !== data.id) return
    const hasEnded = data.status !== 'drawing'
    if (hasEnded || data.done - seen.shown >= REFRESH_AFTER) {
      seen.shown = data.done
      void queryClient.invalidateQueries(trpc.images.pathFilter())
    }
    if (!hasEnded) return
    watched.current = null
    void queryClient.invalidateQueries(trpc.labels.pathFilter())
    const { done, duplicates, reason } = data
    const description = duplicates > 0 ? t('duplicates', { count: duplicates }) : undefined
    if (data.status === 'finished')
      toast.success(t('finished', { added: done - duplicates }), { description })
    else if (data.status === 'cancelled') toast.info(t('cancelled', { done }))
    else toast.error(t('failed'), { description: reason ?? undefined })
  }, [data, queryClient, t, trpc])
  return { drawing: data ?? null, cancel: () => cancel.mutate({ projectId }) }
}
