import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { pictureOf } from '../annotator/stage/picture-cache.ts'
import { useTRPC } from '../trpc/client.tsx'
import { imageUrl } from './image-url.ts'
import { placeQuery } from './place-query.ts'
import type { AnnotateRoute } from './use-annotate-route.ts'
import type { Place } from './use-place.ts'

/** What was asked for ahead is taken as fresh for so long; the session asks again when it is shown. */
const FRESH_MS = 60_000

/**
 * The images one probably goes to from here are in this browser before: records, place in the list, and the decoded
 * picture, or of a large one its overview. One after the other while the browser has nothing else to do.
 */
export function usePrefetch(route: AnnotateRoute, place: Place | undefined): void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { filter, isReview } = route
  const next = isReview ? place?.wantedId : place?.nextId
  const previous = place?.previousId
  useEffect(() => {
    if (savesData()) return
    let isCurrent = true
    const prepare = async (id: string) => {
      const imageId = ImageId.parse(id)
      const open = { ...trpc.annotations.open.queryOptions({ imageId }), staleTime: FRESH_MS }
      const opened = await queries.fetchQuery(open)
      await queries.prefetchQuery({
        ...placeQuery(trpc, { imageId: id, filter, isReview }),
        staleTime: FRESH_MS,
      })
      if (isCurrent) await pictureOf(imageUrl(id), opened.image)
    }
    const prepareAll = async () => {
      for (const id of [next, previous]) {
        await idle()
        // What fails here is asked for again when somebody goes there, and says so then.
        if (id && isCurrent) await prepare(id).catch(() => undefined)
      }
    }
    void prepareAll()
    return () => {
      isCurrent = false
    }
  }, [next, previous, filter, isReview, queries, trpc])
}

/** The person, or a slow line, asks for as little as possible. Not all browsers tell. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  return connection?.saveData === true
}

function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(resolve, { timeout: 1_000 })
    else setTimeout(resolve, 200)
  })
}
