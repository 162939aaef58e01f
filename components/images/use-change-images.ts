'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { ImageStatus, Split } from '../../server/contracts/image.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'

/** Most ids that the server takes in one request. */
const BATCH = 1000

/** Status, split and deletion of many images; each tells what it did. */
export function useChangeImages() {
  const t = useTranslations('images')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const projectId = useProjectId()
  const status = useMutation(trpc.images.setStatus.mutationOptions())
  const split = useMutation(trpc.images.setSplit.mutationOptions())
  const remove = useMutation(trpc.images.delete.mutationOptions())

  async function inBatches(
    ids: readonly string[],
    send: (imageIds: string[]) => Promise<{ images: number }>,
  ): Promise<number | null> {
    let changed = 0
    try {
      for (let from = 0; from < ids.length; from += BATCH) {
        changed += (await send(ids.slice(from, from + BATCH))).images
      }
      return changed
    } catch {
      // The mutation has raised its toast; what was changed before stays changed and is shown.
      return null
    } finally {
      await queryClient.invalidateQueries(trpc.images.pathFilter())
    }
  }

  return {
    isBusy: status.isPending || split.isPending || remove.isPending,

    async setStatus(ids: readonly string[], next: Exclude<ImageStatus, 'returned'>): Promise<void> {
      const count = await inBatches(ids, (imageIds) =>
        status.mutateAsync({ projectId, imageIds, status: next }),
      )
      if (count === null) return
      const words = { count, status: t(`statuses.${next}`) }
      if (count === ids.length) toast.success(t('selection.statusSet', words))
      else toast.warning(t('selection.statusNotAll', words))
    },

    async setSplit(ids: readonly string[], next: Split | null): Promise<void> {
      const count = await inBatches(ids, (imageIds) =>
        split.mutateAsync({ projectId, imageIds, split: next }),
      )
      if (count !== null) {
        toast.success(t('selection.splitSet', { count, split: t(`splits.${next ?? 'none'}`) }))
      }
    },

    async remove(ids: readonly string[]): Promise<void> {
      const count = await inBatches(ids, (imageIds) => remove.mutateAsync({ projectId, imageIds }))
      if (count === null) return
      await queryClient.invalidateQueries(trpc.projects.pathFilter())
      toast.success(t('selection.deleted', { count }))
    },
  }
}
