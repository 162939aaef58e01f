import { useParams, useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { parseFilter } from '../images/image-filter.ts'
import { annotateAddress } from './annotate-address.ts'

const PLACE = /\/annotate\/([^/?]+)/

export interface AnnotateRoute {
  projectId: string
  imageId: string
  /** The list that one goes through: what the address filters. */
  filter: ImageFilter
  /** The same as typed, for the way back to the grid. */
  q: string
  isReview: boolean
  goTo: (imageId: string) => void
  setReview: (isReview: boolean) => void
}

/**
 * Which image is shown, in which list, and the way to another one. Going on writes the address by hand: a full
 * navigation would ask the server, on every image, for a page that is already here. The router follows
 * the address in its own time, so what is shown is kept here and changes at once.
 */
export function useAnnotateRoute(): AnnotateRoute {
  const { projectId, imageId: entered } = useParams<{ projectId: string; imageId: string }>()
  const search = useSearchParams()
  const q = search.get('q') ?? ''
  const isReview = search.get('mode') === 'review'
  const filter = useMemo(() => parseFilter(q).filter, [q])
  const [route, setRoute] = useState({ entered, shown: entered })
  // A link from elsewhere led to another image.
  if (route.entered !== entered) setRoute({ entered, shown: entered })

  useEffect(() => {
    const onBack = () => {
      const shown = PLACE.exec(window.location.pathname)?.[1]
      if (shown) setRoute((before) => ({ ...before, shown }))
    }
    window.addEventListener('popstate', onBack)
    return () => window.removeEventListener('popstate', onBack)
  }, [])

  const goTo = useCallback(
    (shown: string) => {
      setRoute((before) => ({ ...before, shown }))
      window.history.pushState(null, '', annotateAddress({ projectId, imageId: shown, q, isReview }))
    },
    [projectId, q, isReview],
  )
  const { shown } = route
  const setReview = useCallback(
    (wanted: boolean) => {
      const address = annotateAddress({ projectId, imageId: shown, q, isReview: wanted })
      window.history.replaceState(null, '', address)
    },
    [projectId, shown, q],
  )
  return { projectId, imageId: shown, filter, q, isReview, goTo, setReview }
}
