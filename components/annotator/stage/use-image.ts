import { useEffect, useState } from 'react'

export type LoadedImage =
  | { state: 'loading' }
  | { state: 'ready'; element: HTMLImageElement }
  | { state: 'failed'; retry: () => void }

/** Loads and decodes a picture; decoding before the first draw keeps the canvas from stuttering. */
export function useImage(url: string): LoadedImage {
  const [attempt, setAttempt] = useState(0)
  const [loaded, setLoaded] = useState<{ key: string; image: LoadedImage } | null>(null)
  const key = `${attempt} ${url}`
  useEffect(() => {
    let current = true
    const element = new Image()
    element.src = url
    element.decode().then(
      () => current && setLoaded({ key, image: { state: 'ready', element } }),
      () =>
        current &&
        setLoaded({ key, image: { state: 'failed', retry: () => setAttempt((earlier) => earlier + 1) } }),
    )
    return () => {
      current = false
    }
  }, [url, key])
  return loaded?.key === key ? loaded.image : { state: 'loading' }
}
