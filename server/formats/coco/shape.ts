import { z } from 'zod'

/** What we read of COCO's "data format" (cocodataset.org/#format-data); other keys may stand beside it. */
const id = z.union([z.number(), z.string()])

export const CocoImage = z.object({
  id,
  file_name: z.string().min(1),
  width: z.number().int().positive().nullish(),
  height: z.number().int().positive().nullish(),
  /** LVIS: categories that were looked for and are not there. */
  neg_category_ids: z.array(z.number().int()).optional(),
  /** Ours: the category of each expression in order, where the annotations alone do not tell it. */
  expression_category_ids: z.array(z.number().int()).optional(),
})
export type CocoImage = z.infer<typeof CocoImage>

export const CocoAnnotation = z.object({
  id: z.number(),
  image_id: id,
  category_id: z.number().int(),
  /** x, y, width, height in pixels, from the left top corner. */
  bbox: z.array(z.number()).length(4).optional(),
  iscrowd: z.number().optional(),
  /** As CVAT and Datumaro write them: what is said of the box besides its category. */
  attributes: z.record(z.string(), z.unknown()).optional(),
  /** Ours: which of `expression_category_ids` the box answers. */
  expression_index: z.number().int().min(0).optional(),
})
export type CocoAnnotation = z.infer<typeof CocoAnnotation>

export const CocoFile = z.object({
  images: z.array(CocoImage),
  annotations: z.array(CocoAnnotation),
  categories: z.array(
    z.object({ id: z.number().int(), name: z.string(), supercategory: z.string().nullish() }),
  ),
})
export type CocoFile = z.infer<typeof CocoFile>
