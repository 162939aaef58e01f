import { useParams, usePathname } from 'next/navigation'
import { useCallback } from 'react'

const PLACE = /\/projects\/([^/]+)\/annotate\/([^/?]+)/

/**
 * Which image the address names, and the way to another one. Going on writes the address by hand:
 * a full navigation would ask the server for a page that is already here, on every image.
 */
export function useAnnotateRoute(): { imageId: string; goTo: (imageId: string) => void } {
  const params = useParams<{ projectId: string; imageId: string }>()
  const pathname = usePathname()
  const { projectId } = params
  const imageId = PLACE.exec(pathname)?.[2] ?? params.imageId
  const goTo = useCallback(
    (id: string) => window.history.pushState(null, '', `/projects/${projectId}/annotate/${id}`),
    [projectId],
  )
  return { imageId, goTo }
}
