import { z } from 'zod'

/** Beyond these a picture is darker than night or whiter than paper. */
export const MIN_LEVEL = 0.2
export const MAX_LEVEL = 3
const level = z.number().min(MIN_LEVEL).max(MAX_LEVEL)

/** How a person likes to see every image; kept in the browser, never saved with the annotations. */
export const ViewSettings = z.object({
  /** Edges stick to other edges that are near. */
  snapping: z.boolean(),
  /** Lines through the pointer while drawing. */
  crosshair: z.boolean(),
  minimap: z.boolean(),
  rulers: z.boolean(),
  /** The names beside the boxes. */
  names: z.boolean(),
  /** 1 = as in the file. */
  brightness: level,
  contrast: level,
})
export type ViewSettings = z.infer<typeof ViewSettings>

export const DEFAULT_VIEW: ViewSettings = {
  snapping: true,
  crosshair: true,
  minimap: true,
  rulers: false,
  names: true,
  brightness: 1,
  contrast: 1,
}
