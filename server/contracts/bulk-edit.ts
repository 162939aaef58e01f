import { z } from 'zod'
import { ExpressionKind, ExpressionText } from './annotation.ts'
import { Attribute } from './attribute.ts'
import { AttributeId, BulkEditId, LabelId, ProjectId } from './ids.ts'
import { ImageFilter } from './image.ts'
import { LabelColour } from './project.ts'

/** A class as it was, so that undo can bring it back. */
export const LabelFacts = z.object({
  id: LabelId,
  name: ExpressionText,
  colour: LabelColour,
  position: z.number().int(),
})
export type LabelFacts = z.infer<typeof LabelFacts>

/** Attributes that spoke of a class by its name, so that undo can let them speak of it again. */
export const SpokeOf = z.array(
  z.object({ id: AttributeId, before: z.array(ExpressionText), after: z.array(ExpressionText) }),
)
export type SpokeOf = z.infer<typeof SpokeOf>
const spokeOf = SpokeOf

/** Distinct expressions that one replacement may change. */
export const MOST_REPLACED = 20_000

/** How a text is looked for and what it becomes. */
export const TextSearch = z.object({
  find: z.string().min(1).max(500),
  replace: z.string().max(500),
  /** text = as typed; pattern = a regular expression, with $1 and $<name> in the replacement. */
  mode: z.enum(['text', 'pattern']).default('text'),
  /** Only where it is the whole expression. */
  whole: z.boolean().default(false),
  caseSensitive: z.boolean().default(false),
  kind: z.enum([...ExpressionKind.options, 'both']).default('both'),
  filter: ImageFilter.prefault({}),
})
export type TextSearch = z.infer<typeof TextSearch>

/** One change of a text, wherever it stands among the images that are looked at. */
export const Replacement = z.object({ kind: ExpressionKind, from: ExpressionText, to: ExpressionText })
export type Replacement = z.infer<typeof Replacement>

/** What is done to every image. `kind` names it in words on the page. */
export const BulkEditPayload = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rename-label'),
    labelId: LabelId,
    from: ExpressionText,
    to: ExpressionText,
    spokeOf,
  }),
  /** Boxes of `label` answer `into` from now on; `asDeletion`: a person deleted it and chose where its boxes go. */
  z.object({
    kind: z.literal('merge-label'),
    label: LabelFacts,
    intoId: LabelId,
    into: ExpressionText,
    asDeletion: z.boolean(),
    spokeOf,
  }),
  z.object({ kind: z.literal('delete-label'), label: LabelFacts, spokeOf }),
  z.object({
    kind: z.literal('replace'),
    search: TextSearch,
    lines: z.array(Replacement).min(1).max(MOST_REPLACED),
    /** Classes that take the new name with them, since all of their boxes do. */
    labels: z.array(z.object({ id: LabelId, from: ExpressionText, to: ExpressionText })),
  }),
  z.object({ kind: z.literal('rename-attribute'), id: AttributeId, from: z.string(), to: z.string() }),
  z.object({
    kind: z.literal('rename-options'),
    id: AttributeId,
    name: z.string(),
    options: z.array(z.object({ from: z.string(), to: z.string() })).min(1),
  }),
  z.object({ kind: z.literal('clear-attribute'), attribute: Attribute, position: z.number().int() }),
  z.object({ kind: z.literal('undo') }),
])
export type BulkEditPayload = z.infer<typeof BulkEditPayload>
export type BulkEditKind = BulkEditPayload['kind']

/** stopped = ended by a person before all images were looked at; what was done stays until it is undone. */
export const BulkEditStatus = z.enum(['queued', 'running', 'finished', 'stopped', 'failed'])
export type BulkEditStatus = z.infer<typeof BulkEditStatus>

/** Images left alone that are named; beyond them there is only the count. */
export const MOST_LEFT_NAMED = 200

export const BulkEditResult = z.object({
  /** Images that got a new revision. */
  images: z.number().int().default(0),
  /** Records that were changed, deleted or made. */
  boxes: z.number().int().default(0),
  expressions: z.number().int().default(0),
  /** Expressions that became part of another one of their image, and boxes that became one with their equal. */
  merged: z.number().int().default(0),
  collapsed: z.number().int().default(0),
  /** Images left as they are, because a person has changed the same records since or both would stand twice. */
  left: z.number().int().default(0),
  leftNamed: z.array(z.object({ imageId: z.string(), fileName: z.string() })).default([]),
})
export type BulkEditResult = z.infer<typeof BulkEditResult>

export const RenameLabel = z.object({ projectId: ProjectId, labelId: LabelId, name: ExpressionText })
export const MergeLabel = z.object({ projectId: ProjectId, labelId: LabelId, intoId: LabelId })
export const OrderLabels = z.object({ projectId: ProjectId, ids: z.array(LabelId).max(10_000) })

/** What becomes of the boxes: null = only when there are none. */
export const DeleteLabel = z.object({
  projectId: ProjectId,
  labelId: LabelId,
  boxes: z
    .discriminatedUnion('what', [
      z.object({ what: z.literal('move'), intoId: LabelId }),
      z.object({ what: z.literal('delete') }),
    ])
    .nullable()
    .default(null),
})
export type DeleteLabel = z.infer<typeof DeleteLabel>

const line = z.object({ kind: ExpressionKind, from: z.string() })
export const PreviewReplace = z.object({
  projectId: ProjectId,
  search: TextSearch,
  /** Lines that are not wanted: they are listed, but not counted. */
  without: z.array(line).max(MOST_REPLACED).default([]),
})
export type PreviewReplace = z.input<typeof PreviewReplace>

export const StartReplace = PreviewReplace.extend({
  /** What the preview promised: when it is something else by now, nothing is done. */
  expected: z.object({ lines: z.number().int(), images: z.number().int(), boxes: z.number().int() }),
})
export type StartReplace = z.infer<typeof StartReplace>

export const OneBulkEdit = z.object({ projectId: ProjectId, editId: BulkEditId })
