import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'

/** Renaming, merging, deleting: the project has it at once, its images follow. */
export function useLabelWays(onDone: () => void) {
  const t = useTranslations('labels.edits')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const onSuccess = async ({ images }: { images: number }) => {
    await Promise.all([
      queries.invalidateQueries(trpc.labels.pathFilter()),
      queries.invalidateQueries(trpc.attributes.pathFilter()),
    ])
    if (images > 0) toast.success(t('begun', { count: images }))
    onDone()
  }
  const rename = useMutation(trpc.labels.rename.mutationOptions({ onSuccess }))
  const merge = useMutation(trpc.labels.merge.mutationOptions({ onSuccess }))
  const remove = useMutation(trpc.labels.delete.mutationOptions({ onSuccess }))
  return { rename, merge, remove }
}
