import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useRef } from 'react'
import type { CommentPoint } from '../../server/contracts/comment.ts'
import { ImageId } from '../../server/contracts/ids.ts'
import type { Session } from '../annotator/sync/session.ts'
import { whenSaved } from '../annotator-team/when-saved.ts'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'
import { usePatchOpened } from './use-patch-opened.ts'

export interface Verdict {
  accept: () => void
  /** Resolves to whether the image was returned. */
  giveBack: (comment: string, point: CommentPoint | null) => Promise<boolean>
  isPending: boolean
}

/**
 * A reviewer's verdict on the image that is open. What the reviewer corrected is saved first: the verdict is
 * about that, and a save that came after it would ask for another one.
 * @param onJudged goes on to the next image
 */
export function useVerdict(session: Session, id: string, onJudged: () => void): Verdict {
  const t = useTranslations('team.review')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const patchOpened = usePatchOpened()
  const imageId = ImageId.parse(id)
  const isJudging = useRef(false)
  const { mutateAsync, isPending } = useMutation(
    trpc.reviews.judge.mutationOptions({
      onSuccess: ({ status }, { imageId: judged }) => {
        patchOpened(judged, { status })
        void queries.invalidateQueries(trpc.comments.list.queryFilter({ imageId: judged }))
        void queries.invalidateQueries({ queryKey: trpc.images.pathKey(), refetchType: 'none' })
      },
    }),
  )

  const judge = useCallback(
    async (
      verdict: { verdict: 'accepted' } | { verdict: 'returned'; comment: string; point: CommentPoint | null },
    ): Promise<boolean> => {
      // A key that is held down must not judge twice.
      if (isJudging.current) return false
      isJudging.current = true
      try {
        if (!(await whenSaved(session))) {
          toast.error(t('notSaved'))
          return false
        }
        const open = queries.getQueryData(trpc.annotations.open.queryKey({ imageId }))
        await mutateAsync({ ...verdict, imageId, revision: open?.image.revision ?? 0 })
        onJudged()
        return true
      } catch {
        // The mutation has raised its toast; what others changed meanwhile is shown at once.
        void session.refresh()
        return false
      } finally {
        isJudging.current = false
      }
    },
    [session, queries, trpc, imageId, mutateAsync, onJudged, t],
  )
  const accept = useCallback(() => void judge({ verdict: 'accepted' }), [judge])
  const giveBack = useCallback(
    (comment: string, point: CommentPoint | null) => judge({ verdict: 'returned', comment, point }),
    [judge],
  )
  return { accept, giveBack, isPending }
}
