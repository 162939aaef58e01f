'use client'

import { type RefObject, useLayoutEffect, useState } from 'react'

/** Narrower tiles show too little of a picture, wider ones too few of them. */
const MIN_TILE = 168

/** How many tiles fit side by side, measured again whenever the element changes its width. */
export function useGridColumns(
  element: RefObject<HTMLElement | null>,
  space: { gap: number; padding: number },
) {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const node = element.current
    if (!node) return
    setWidth(node.clientWidth)
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    return () => observer.disconnect()
  }, [element])
  const inner = Math.max(0, width - 2 * space.padding)
  const columns = Math.max(1, Math.floor((inner + space.gap) / (MIN_TILE + space.gap)))
  return { columns, tileWidth: Math.max(MIN_TILE, (inner - (columns - 1) * space.gap) / columns) }
}
