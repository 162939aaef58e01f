import { z } from 'zod'
import { ImageId, ProjectId, UserId } from './ids.ts'
import { countOf, PositionRanges } from './image-positions.ts'

export const Split = z.enum(['train', 'val', 'test'])
export type Split = z.infer<typeof Split>

export const ImageStatus = z.enum(['new', 'in_work', 'done', 'accepted', 'returned'])
export type ImageStatus = z.infer<typeof ImageStatus>

export const ImageOrigin = z.enum(['upload', 'zip', 'sample', 'import', 'drawing'])
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

/** Largest zip that is taken in one piece. */
export const MAX_ZIP_BYTES = 64 * 1024 * 1024 * 1024
export const MAX_ZIP_ENTRIES = 50_000
/** Longest side of a thumbnail, pixels. */
export const THUMBNAIL_SIZE = 384

/**
 * POST /api/projects/<projectId>/upload?name=<file name or path within the dropped folder>
 * takes one image or one zip as its raw body. The answer is application/x-ndjson: one IngestResult a line,
 * each sent as soon as it is known (a zip has one for every entry that is a file). A request that is refused
 * as a whole has a WireError as its body instead.
 */
export const UploadQuery = z.object({ name: z.string().min(1).max(4096) })

/** What became of one file or one entry of a zip, in the order they came. */
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
      'damaged',
      'storage',
    ]),
    detail: z.string().optional(),
  }),
])
export type IngestResult = z.infer<typeof IngestResult>
export type IngestRefusal = Extract<IngestResult, { outcome: 'refused' }>['reason']

/** Parts of a filter, each of which can be asked for or ruled out. Empty or null = says nothing. */
const FilterParts = z.object({
  /** Part of a class name or phrase, whatever the case. */
  text: z.string().trim().max(500).default(''),
  /** Exactly this class or phrase. */
  expression: z.string().trim().max(500).default(''),
  /** unfinished = new, in work or returned: still asks for an annotator. */
  status: z
    .enum([...ImageStatus.options, 'unfinished'])
    .nullable()
    .default(null),
  /** `me`, `none`, or a person's name or e-mail address. */
  assignee: z.string().trim().max(200).default(''),
  /** Who has annotated it: `me`, `none` (nobody has), or a person's name or e-mail address. */
  by: z.string().trim().max(200).default(''),
  /** open = somebody said something that is not resolved. */
  comments: z.enum(['open', 'any']).nullable().default(null),
  /** none = the version's split rule decides. */
  split: z
    .enum([...Split.options, 'none'])
    .nullable()
    .default(null),
  /** open = boxes that a model proposes wait for a person. */
  suggestions: z.enum(['open']).nullable().default(null),
})
export type FilterParts = z.infer<typeof FilterParts>

/** Below it a number would be written with an exponent, which nobody types. */
export const LEAST_IOU = 0.000001

/** Which images of a project; every part that is set must match. */
export const ImageFilter = FilterParts.extend({
  /** Part of the file name, whatever the case. */
  name: z.string().trim().max(200).default(''),
  /** Fewest and most boxes, both included. */
  minBoxes: z.number().int().min(1).max(1_000_000).nullable().default(null),
  maxBoxes: z.number().int().min(0).max(1_000_000).nullable().default(null),
  /** Some newest answer of a tuned model about the image is worse than this: IoU of its first box. */
  iouBelow: z.number().min(LEAST_IOU).max(1).nullable().default(null),
  /** What must not match, part by part. */
  not: FilterParts.prefault({}),
})
export type ImageFilter = z.infer<typeof ImageFilter>

export const ListImages = z.object({
  projectId: ProjectId,
  filter: ImageFilter.prefault({}),
  /** Position of the last image of the page before; null = from the start. */
  cursor: z.number().int().nullable().default(null),
  limit: z.number().int().min(1).max(200).default(100),
})
export type ListImages = z.infer<typeof ListImages>

/** All images that match, by their positions: so little that a grid can have all of it and jump anywhere. */
export const ListPositions = z.object({ projectId: ProjectId, filter: ImageFilter.prefault({}) })
export type ListPositions = z.infer<typeof ListPositions>

/** Most cards that are asked for at once. */
export const MOST_CARDS = 200
const somePositions = PositionRanges.refine((ranges) => countOf(ranges) <= MOST_CARDS, 'positions.tooMany')
export const ListCards = z.object({ projectId: ProjectId, positions: somePositions })
export type ListCards = z.infer<typeof ListCards>

/**
 * GET /api/projects/<projectId>/thumbnails?positions=1-48 answers with the thumbnails of these images, one after the
 * other: position and length as 32 bits each, big endian, then so many bytes of WebP. Length 0 = the picture is lost.
 */
export const ThumbnailsQuery = z.object({ positions: somePositions })

export const OneImage = z.object({ imageId: ImageId })

/** Most images that one request changes: more would hold the database's write lock for too long. */
export const MOST_CHANGED = 1000
/** The images of one change, by their ids or by their positions. */
const NamedImages = z.union([
  z.object({ imageIds: z.array(ImageId).min(1).max(MOST_CHANGED) }),
  z.object({
    positions: PositionRanges.refine((ranges) => countOf(ranges) <= MOST_CHANGED, 'positions.tooMany'),
  }),
])
export const SetImageStatus = NamedImages.and(
  z.object({
    projectId: ProjectId,
    /** Returning asks for a reason, image by image: `reviews.judge`. */
    status: ImageStatus.exclude(['returned']),
  }),
)
export const SetImageSplit = NamedImages.and(z.object({ projectId: ProjectId, split: Split.nullable() }))
export const DeleteImages = NamedImages.and(z.object({ projectId: ProjectId }))

/** The named images, as many as a grid holds, or all that match. */
export const SomeImages = z.union([
  z.object({ imageIds: z.array(ImageId).min(1).max(200_000) }),
  z.object({ positions: PositionRanges }),
  z.object({ filter: ImageFilter }),
])
/** As a page sends it. */
export type SomeImages = z.input<typeof SomeImages>

export const AssignImages = z.object({
  projectId: ProjectId,
  images: SomeImages,
  /** Nobody = the images are anybody's again; several = each gets an equal part, neighbours together. */
  userIds: z.array(UserId).max(50),
})

/** Which image comes next: `any`, one that asks for an annotator, for a verdict, or about a model's suggestions. */
export const ImageWanted = z.enum(['any', 'unfinished', 'toReview', 'suggested'])
export type ImageWanted = z.infer<typeof ImageWanted>

export const FindPlace = OneImage.extend({
  filter: ImageFilter.prefault({}),
  wanted: ImageWanted.default('any'),
})
export type FindPlace = z.infer<typeof FindPlace>

/** What the grid draws. Boxes are image pixels, at most `BOXES_ON_CARD` of them. */
export const ImageCard = z.object({
  id: z.string(),
  fileName: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  status: ImageStatus,
  split: Split.nullable(),
  revision: z.number().int(),
  position: z.number().int(),
  expressions: z.number().int(),
  boxCount: z.number().int(),
  assignee: z.string().nullable(),
  /** Threads that are not resolved. */
  openComments: z.number().int(),
  boxes: z.array(
    z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number(), text: z.string() }),
  ),
})
export type ImageCard = z.infer<typeof ImageCard>
export const BOXES_ON_CARD = 60
