import { z } from 'zod'
import { BoxAttributes, ExpressionKind } from './annotation.ts'
import { ProjectId, VersionId } from './ids.ts'
import { Split } from './image.ts'
import { PromptLanguage } from './project.ts'

/**
 * referring: one turn per expression, all turns of an image in one record.
 * detection: one turn that lists every class.
 */
export const ConversationStyle = z.enum(['referring', 'detection'])
export type ConversationStyle = z.infer<typeof ConversationStyle>

export const ConversationOptions = z.object({
  style: ConversationStyle.default('referring'),
  language: PromptLanguage.default('en'),
  /** detection only: the answer's lines inside a fenced block, as the published record has it. */
  fence: z.boolean().default(true),
  /** Turns for expressions without boxes. Off = such expressions are left out, and counted. */
  negatives: z.boolean().default(true),
  /** `{}` stands for the expression. Null = the language's default. */
  negativeAnswer: z.string().trim().min(1).max(200).nullable().default(null),
})
export type ConversationOptions = z.infer<typeof ConversationOptions>

export const VersionOptions = z.object({
  conversation: ConversationOptions,
  /** Which images: all that carry an expression, or only those marked done or accepted. */
  include: z.enum(['annotated', 'finished']).default('annotated'),
  /** Share of images without a split of their own that go to validation, by a seeded hash. */
  validationShare: z.number().min(0).max(0.5).default(0.2),
  seed: z.number().int().min(0).default(42),
})
export type VersionOptions = z.infer<typeof VersionOptions>

export const FreezeVersion = z.object({
  projectId: ProjectId,
  name: z.string().trim().max(80).default(''),
  options: VersionOptions,
})

export const PreviewVersion = FreezeVersion.omit({ name: true })
export const ReadVersion = z.object({ versionId: VersionId })
/** `index` counts from 0 in the order of the content. */
export const ReadVersionRecord = ReadVersion.extend({ index: z.number().int().min(0) })

/** One line of a version's content. Coordinates are image pixels (x1, y1, x2, y2), floats. */
export const VersionRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    imageId: z.string(),
    revision: z.number().int(),
    sha256: z.string(),
    fileName: z.string(),
    mediaType: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    split: Split,
    expressions: z.array(
      z.object({
        kind: ExpressionKind,
        text: z.string(),
        boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
        /** Of each box in the same order; left out where none has any. */
        attributes: z.array(BoxAttributes).optional(),
      }),
    ),
  }),
  z.object({
    kind: z.literal('conversation'),
    split: Split,
    images: z.array(z.object({ sha256: z.string(), fileName: z.string(), mediaType: z.string() })),
    turns: z.array(z.object({ from: z.enum(['system', 'human', 'gpt']), value: z.string() })),
  }),
])
export type VersionRecord = z.infer<typeof VersionRecord>

export const VersionStats = z.object({
  images: z.object({ train: z.number(), val: z.number(), test: z.number() }),
  expressions: z.number(),
  boxes: z.number(),
  negatives: z.number(),
  /** Stated negatives that the options leave out. */
  skippedNegatives: z.number().default(0),
  /** Plain conversation records, which stand beside the images. */
  conversations: z.number().default(0),
  /** Images left out because they carry no expression or are not finished. */
  leftOut: z.number(),
  labels: z.array(z.object({ text: z.string(), boxes: z.number(), images: z.number() })),
})
export type VersionStats = z.infer<typeof VersionStats>
