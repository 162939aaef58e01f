import { z } from 'zod'

export const Split = z.enum(['train', 'val', 'test'])
export type Split = z.infer<typeof Split>

export const ImageStatus = z.enum(['new', 'in_work', 'done', 'accepted', 'returned'])
export type ImageStatus = z.infer<typeof ImageStatus>

export const ImageOrigin = z.enum(['upload', 'zip', 'sample', 'import'])
export type ImageOrigin = z.infer<typeof ImageOrigin>

/** What ingest did to the pixels, so that a person can see why the hash differs from their file. */
export const ImageBaking = z.object({
  /** Name of the format the file came in, as the decoder calls it. */
  format: z.string(),
  orientation: z.boolean(),
  colour: z.boolean(),
  alpha: z.boolean(),
  depth: z.boolean(),
  container: z.boolean(),
})
export type ImageBaking = z.infer<typeof ImageBaking>

/** Pixels beyond this are refused: 256 million = 16,000 × 16,000, 768 MB decoded. */
export const MAX_PIXELS = 256_000_000
/** Largest single image file. */
export const MAX_IMAGE_BYTES = 512 * 1024 * 1024

/** The answer of an upload, one entry a file (or zip entry), in the order they came. */
export const IngestResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('added'), file: z.string(), imageId: z.string() }),
  z.object({ outcome: z.literal('duplicate'), file: z.string(), imageId: z.string() }),
  z.object({
    outcome: z.literal('refused'),
    file: z.string(),
    /** A key of the catalogue under `ingest.reasons`. */
    reason: z.enum([
      'empty',
      'notAnImage',
      'tooManyPixels',
      'tooManyBytes',
      'truncated',
      'unsafePath',
      'link',
      'encrypted',
      'zipBomb',
      'tooManyEntries',
      'storage',
    ]),
    detail: z.string().optional(),
  }),
])
export type IngestResult = z.infer<typeof IngestResult>
export type IngestRefusal = Extract<IngestResult, { outcome: 'refused' }>['reason']
