import { z } from 'zod'
import { BoxId, ExpressionId, ImageId } from './ids.ts'
import { ImageStatus } from './image.ts'

/** Longest phrase: RefCOCO's longest has 39 words; this leaves room and bounds a row. */
const PHRASE_LIMIT = 500

/**
 * What may stand between `<ref>` and `</ref>`. Angle brackets and line breaks would change the
 * meaning of the training text, so they are refused here, at entry, and never mangled later.
 */
export const ExpressionText = z
  .string()
  .trim()
  .min(1, 'expression.empty')
  .max(PHRASE_LIMIT, 'expression.tooLong')
  .refine((text) => !/[<>]/.test(text), 'expression.angleBrackets')
  .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text), 'expression.controlCharacters')
export type ExpressionText = z.infer<typeof ExpressionText>

export const ExpressionKind = z.enum(['class', 'phrase'])
export type ExpressionKind = z.infer<typeof ExpressionKind>

export const BoxOrigin = z.discriminatedUnion('by', [
  z.object({ by: z.literal('person') }),
  z.object({ by: z.literal('import'), source: z.string() }),
  z.object({ by: z.literal('sample') }),
  z.object({ by: z.literal('model'), model: z.string(), runId: z.string().nullable() }),
])
export type BoxOrigin = z.infer<typeof BoxOrigin>

const attributeValue = z.union([z.string().max(2000), z.number(), z.boolean()])
export const BoxAttributes = z.record(z.string().min(1).max(80), attributeValue)
export type BoxAttributes = z.infer<typeof BoxAttributes>

/** Image pixels of the oriented original, x and y at the left top corner. Floats. */
export const Box = z.object({
  id: BoxId,
  x: z.number().min(0),
  y: z.number().min(0),
  width: z.number().positive(),
  height: z.number().positive(),
  /** Order of annotation on the image; ties are broken by id. */
  position: z.number(),
  /** The expressions this box answers; in the editor usually one. Never empty on the server. */
  expressionIds: z.array(ExpressionId).min(1).max(50),
  attributes: BoxAttributes,
  origin: BoxOrigin,
})
export type Box = z.infer<typeof Box>

export const Expression = z.object({
  id: ExpressionId,
  kind: ExpressionKind,
  text: ExpressionText,
  /** Order of the turns on the image; ties are broken by id. */
  position: z.number(),
})
export type Expression = z.infer<typeof Expression>

/**
 * All annotations of one image as flat records. An expression that no box names is a stated
 * negative: "not in this image".
 */
export const AnnotationDocument = z.object({
  expressions: z.array(Expression),
  boxes: z.array(Box),
})
export type AnnotationDocument = z.infer<typeof AnnotationDocument>

/** One record before and after. Null before = created, null after = deleted. */
export const AnnotationChange = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('box'),
    id: BoxId,
    before: Box.nullable(),
    after: Box.nullable(),
  }),
  z.object({
    type: z.literal('expression'),
    id: ExpressionId,
    before: Expression.nullable(),
    after: Expression.nullable(),
  }),
])
export type AnnotationChange = z.infer<typeof AnnotationChange>

/**
 * Who or what caused a revision. label, replace and attribute are changes over the whole project: they come from
 * a manager, not from somebody's work on the image.
 */
export const RevisionOrigin = z.enum([
  'editor',
  'import',
  'prediction',
  'sample',
  'label',
  'replace',
  'attribute',
])
export type RevisionOrigin = z.infer<typeof RevisionOrigin>

export const OperationId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)

export const SaveAnnotations = z.object({
  imageId: ImageId,
  /** The client's id of this batch: sending it again after a lost answer changes nothing. */
  operationId: OperationId,
  changes: z.array(AnnotationChange).min(1).max(20_000),
})
export type SaveAnnotations = z.infer<typeof SaveAnnotations>

/** The answer to a save. */
export const SavedAnnotations = z.object({
  /** Number of the image's newest revision. */
  revision: z.number().int(),
  /** The revision that holds the batch, also when it came a second time; null = it changed nothing. */
  number: z.number().int().nullable(),
  status: ImageStatus,
  /**
   * Records that a project-wide change made the server settle otherwise than they were sent: `before` is what was
   * sent (null = nothing was), `after` what is there now.
   */
  adjusted: z.array(AnnotationChange),
})
export type SavedAnnotations = z.infer<typeof SavedAnnotations>

/** A record that two people changed: `mine` was sent, `theirs` is what the server has now. */
export const AnnotationConflict = z.object({
  type: z.enum(['box', 'expression']),
  id: z.string(),
  mine: z.unknown(),
  theirs: z.unknown(),
})
export type AnnotationConflict = z.infer<typeof AnnotationConflict>

/** An accepted batch as everybody learns of it who has the image open. */
export interface AcceptedRevision {
  number: number
  operationId: string
  /** Null = nobody who is still there. */
  author: { id: string; name: string } | null
  changes: AnnotationChange[]
  /** It is a part of a change over the whole project, not somebody's work on this image. */
  isBulk: boolean
}

/** Names one page that shows an image, for as long as it does. */
export const TabId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)

/** Asks what happened to an image since revision `after`, and which of `operations` were accepted. */
export const CatchUp = z.object({
  imageId: ImageId,
  after: z.number().int().min(0),
  operations: z.array(OperationId).max(500).default([]),
})
export type CatchUp = z.infer<typeof CatchUp>

/** Follows an image from revision `after` on. */
export const FollowImage = z.object({
  imageId: ImageId,
  after: z.number().int().min(0),
  tab: TabId,
  /** Number of the last revision that the browser was told of; it sends this when it reconnects. */
  lastEventId: z.string().regex(/^\d+$/).nullish(),
})
export type FollowImage = z.infer<typeof FollowImage>

/** Says that the page is still there and looked at, or that it is not. */
export const BePresent = z.object({ imageId: ImageId, tab: TabId, present: z.boolean() })
export type BePresent = z.infer<typeof BePresent>

/** Another page that shows the same image. */
export interface Presence {
  userId: string
  name: string
  /** Pages of this person. */
  tabs: number
}

export const OpenImage = z.object({ imageId: ImageId })

/** done = false takes it back: the image is in work again. */
export const MarkDone = z.object({ imageId: ImageId, done: z.boolean() })

/** Longest note on an image: a page of text. */
export const NOTE_LIMIT = 5_000

/** `before` is what the person saw: a note that someone else has changed since is not overwritten. */
export const SetNote = z.object({
  imageId: ImageId,
  before: z.string().max(NOTE_LIMIT),
  after: z.string().max(NOTE_LIMIT, 'note.tooLong'),
})
export type SetNote = z.infer<typeof SetNote>

export const ListRevisions = z.object({
  imageId: ImageId,
  /** Number of the last revision of the page before; null = from the newest. */
  before: z.number().int().nullable().default(null),
})

export const CompareRevisions = z.object({
  imageId: ImageId,
  /** The state that this revision left; 0 = before anything was annotated. */
  from: z.number().int().min(0),
  /** null = as it is now. */
  to: z.number().int().min(0).nullable(),
})
export type CompareRevisions = z.infer<typeof CompareRevisions>
