import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import type { ImageWays } from '../annotator/actions/action.ts'
import { toDocument } from '../annotator/document/doc.ts'
import { useViewer } from '../app-shell/viewer.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { openSession, sessionKey } from './session-cache.ts'

/** What is annotated on the image before: as it is here, with what is not on the server yet, or as there. */
export function usePreviousImage(previousId: string | null): ImageWays['previousImage'] {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const viewer = useViewer()
  return useMemo(() => {
    if (!previousId) return null
    return async () => {
      const imageId = ImageId.parse(previousId)
      const session = openSession(sessionKey(viewer.id, imageId))
      if (session) {
        const { doc } = session.editor.getState()
        return { image: doc.image, document: toDocument(doc) }
      }
      return queries.fetchQuery({ ...trpc.annotations.open.queryOptions({ imageId }), staleTime: 0 })
    }
  }, [previousId, trpc, queries, viewer.id])
}
