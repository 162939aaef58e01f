import { useEffect, useState } from 'react'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Picture } from './picture.ts'
import { pictureAtHand, pictureOf } from './picture-cache.ts'

export type LoadedPicture =
  | { state: 'loading' }
  | { state: 'ready'; picture: Picture }
  | { state: 'failed'; retry: () => void }

/** The picture of an image, at the first render already when it has been prepared. */
export function usePicture(url: string, { width, height }: Size): LoadedPicture {
  const [attempt, setAttempt] = useState(0)
  const key = `${attempt} ${url}`
  const [loaded, setLoaded] = useState<{ key: string; picture: LoadedPicture } | null>(null)
  if (loaded?.key !== key) {
    const picture = pictureAtHand(url)
    if (picture) setLoaded({ key, picture: { state: 'ready', picture } })
  }
  useEffect(() => {
    let current = true
    pictureOf(url, { width, height }).then(
      (picture) => current && setLoaded({ key, picture: { state: 'ready', picture } }),
      () =>
        current &&
        setLoaded({ key, picture: { state: 'failed', retry: () => setAttempt((earlier) => earlier + 1) } }),
    )
    return () => {
      current = false
    }
  }, [url, key, width, height])
  return loaded?.key === key ? loaded.picture : { state: 'loading' }
}
