'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type ImageStatus, MOST_CHANGED, type Split } from '../../server/contracts/image.ts'
import { writePositions } from '../../server/contracts/image-positions.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'

/** Status, split and deletion of many images, named by their positions; each tells what it did. */
export function useChangeImages() {
  const t = useTranslations('images')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const projectId = useProjectId()
  const status = useMutation(trpc.images.setStatus.mutationOptions())
  const split = useMutation(trpc.images.setSplit.mutationOptions())
  const remove = useMutation(trpc.images.delete.mutationOptions())

  async function inBatches(
    images: Int32Array,
    send: (positions: string) => Promise<{ images: number }>,
  ): Promise<number | null> {
    let changed = 0
    try {
      for (let from = 0; from < images.length; from += MOST_CHANGED) {
        changed += (await send(writePositions(images.subarray(from, from + MOST_CHANGED)))).images
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

    async setStatus(images: Int32Array, next: Exclude<ImageStatus, 'returned'>): Promise<void> {
      const count = await inBatches(images, (positions) =>
        status.mutateAsync({ projectId, positions, status: next }),
      )
      if (count === null) return
      const words = { count, status: t(`statuses.${next}`) }
      if (count === images.length) toast.success(t('selection.statusSet', words))
      else toast.warning(t('selection.statusNotAll', words))
    },

    async setSplit(images: Int32Array, next: Split | null): Promise<void> {
      const count = await inBatches(images, (positions) =>
        split.mutateAsync({ projectId, positions, split: next }),
      )
      if (count !== null) {
        toast.success(t('selection.splitSet', { count, split: t(`splits.${next ?? 'none'}`) }))
      }
    },

    async remove(images: Int32Array): Promise<void> {
      const count = await inBatches(images, (positions) => remove.mutateAsync({ projectId, positions }))
      if (count === null) return
      await queryClient.invalidateQueries(trpc.projects.pathFilter())
      toast.success(t('selection.deleted', { count }))
    },
  }
}
