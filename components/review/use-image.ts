'use client'

import { useEffect, useState } from 'react'

export interface LoadedImage {
  url: string
  element: HTMLImageElement
}

/** A decoded picture, ready to be drawn; null until then. `failed` when it cannot be loaded. */
export function useImage(url: string): { image: HTMLImageElement | null; failed: boolean } {
  const [loaded, setLoaded] = useState<LoadedImage | null>(null)
  const [failedUrl, setFailedUrl] = useState<string | null>(null)
  useEffect(() => {
    const element = new Image()
    let current = true
    element.src = url
    element.decode().then(
      () => current && setLoaded({ url, element }),
      () => current && setFailedUrl(url),
    )
    return () => {
      current = false
    }
  }, [url])
  return { image: loaded?.url === url ? loaded.element : null, failed: failedUrl === url }
}
