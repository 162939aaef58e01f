'use client'

import { type RefObject, useEffect, useState } from 'react'
import type { Size } from '../../server/grounding/coordinates.ts'

/** Size of an element in CSS pixels, and how many device pixels one of them has; both may change. */
export function usePaneSize(element: RefObject<HTMLElement | null>): { size: Size; ratio: number } {
  const [measured, setMeasured] = useState({ size: { width: 0, height: 0 }, ratio: 1 })
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      setMeasured({ size: { width, height }, ratio: window.devicePixelRatio })
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return measured
}
