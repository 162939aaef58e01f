import { useParams } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'

const PLACE = /\/annotate\/([^/?]+)/

/**
 * Which image is shown, and the way to another one. Going on writes the address by hand: a full
 * navigation would ask the server, on every image, for a page that is already here. The router follows
 * the address in its own time, so what is shown is kept here and changes at once.
 */
export function useAnnotateRoute(): { imageId: string; goTo: (imageId: string) => void } {
  const { projectId, imageId: entered } = useParams<{ projectId: string; imageId: string }>()
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
      window.history.pushState(null, '', `/projects/${projectId}/annotate/${shown}`)
    },
    [projectId],
  )
  return { imageId: route.shown, goTo }
}
