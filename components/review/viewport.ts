import type { Size } from '../../server/grounding/coordinates.ts'

/**
 * What all panes show: `centre` in shares of the picture (0..1), `zoom` relative to "the whole picture fits".
 * Shares, not pixels, so that panes of different size show the same part.
 */
export interface Viewport {
  zoom: number
  centre: { x: number; y: number }
}

/** Screen = picture × scale + offset, in CSS pixels of one pane. */
export interface Transform {
  scale: number
  x: number
  y: number
}

export const WHOLE: Viewport = { zoom: 1, centre: { x: 0.5, y: 0.5 } }

const LARGEST_ZOOM = 40
/** Free space around a fitting picture, in CSS pixels. */
const MARGIN = 8

export function transformOf(viewport: Viewport, image: Size, pane: Size): Transform {
  const scale = fitScale(image, pane) * viewport.zoom
  return {
    scale,
    x: pane.width / 2 - viewport.centre.x * image.width * scale,
    y: pane.height / 2 - viewport.centre.y * image.height * scale,
  }
}

function fitScale(image: Size, pane: Size): number {
  const width = Math.max(1, pane.width - 2 * MARGIN)
  const height = Math.max(1, pane.height - 2 * MARGIN)
  return Math.min(width / image.width, height / image.height)
}

/** Moves the picture by so many CSS pixels of this pane. */
export function panned(viewport: Viewport, by: { x: number; y: number }, image: Size, pane: Size): Viewport {
  const { scale } = transformOf(viewport, image, pane)
  return clamped({
    ...viewport,
    centre: {
      x: viewport.centre.x - by.x / (image.width * scale),
      y: viewport.centre.y - by.y / (image.height * scale),
    },
  })
}

/** Zooms so that the picture's point under `at` (CSS pixels of this pane) stays where it is. */
export function zoomed(
  viewport: Viewport,
  factor: number,
  at: { x: number; y: number },
  image: Size,
  pane: Size,
): Viewport {
  const zoom = Math.min(LARGEST_ZOOM, Math.max(1, viewport.zoom * factor))
  const before = transformOf(viewport, image, pane)
  const after = transformOf({ ...viewport, zoom }, image, pane)
  const point = { x: (at.x - before.x) / before.scale, y: (at.y - before.y) / before.scale }
  return clamped({
    zoom,
    centre: {
      x: viewport.centre.x + (point.x * after.scale + after.x - at.x) / (image.width * after.scale),
      y: viewport.centre.y + (point.y * after.scale + after.y - at.y) / (image.height * after.scale),
    },
  })
}

/** The picture's middle never leaves the pane, so that it cannot be lost; unzoomed it stands still. */
function clamped({ zoom, centre }: Viewport): Viewport {
  const reach = zoom === 1 ? 0 : 0.5
  const limit = (value: number) => Math.min(0.5 + reach, Math.max(0.5 - reach, value))
  return { zoom, centre: { x: limit(centre.x), y: limit(centre.y) } }
}
