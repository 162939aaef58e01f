import { type RefObject, useLayoutEffect, useRef } from 'react'

/** What belongs to the last rendering, for listeners and callbacks that stay the same from image to image. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value)
  useLayoutEffect(() => {
    latest.current = value
  })
  return latest
}
