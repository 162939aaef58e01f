import { z } from 'zod'
import { ExpressionText } from './annotation.ts'
import { AttributeId, ProjectId } from './ids.ts'

/** Longest value of a text; the database keeps it in the box's own row. */
export const ATTRIBUTE_TEXT_LIMIT = 2_000
const MOST_OPTIONS = 200

export const AttributeName = z
  .string()
  .trim()
  .min(1, 'attribute.empty')
  .max(80, 'attribute.tooLong')
  .refine((name) => !/[\p{Cc}\u2028\u2029]/u.test(name), 'attribute.controlCharacters')

/** Which boxes are asked for it: all, those of chosen classes, or those of free phrases. */
export const AppliesTo = z.discriminatedUnion('to', [
  z.object({ to: z.literal('all') }),
  z.object({ to: z.literal('labels'), labels: z.array(ExpressionText).max(1_000) }),
  z.object({ to: z.literal('phrases') }),
])
export type AppliesTo = z.infer<typeof AppliesTo>

const common = {
  appliesTo: AppliesTo.default({ to: 'all' }),
  /** A box without it is warned of. */
  required: z.boolean().default(false),
}
const bound = z.number().nullable().default(null)
const option = z.string().trim().min(1).max(80)

/** What kind of value it has. `default` is what a newly drawn box begins with; null = nothing. */
export const AttributeRule = z
  .discriminatedUnion('kind', [
    z.object({
      ...common,
      kind: z.literal('select'),
      options: z.array(option).min(1, 'attribute.noOptions').max(MOST_OPTIONS),
      default: option.nullable().default(null),
    }),
    z.object({
      ...common,
      kind: z.literal('number'),
      min: bound,
      max: bound,
      /** Values are `min` (or 0) plus a multiple of it; null = any number. */
      step: z.number().positive().nullable().default(null),
      /** Shown behind the field, for example `mm`. */
      unit: z.string().trim().max(16).default(''),
      default: bound,
    }),
    z.object({
      ...common,
      kind: z.literal('text'),
      default: z.string().max(ATTRIBUTE_TEXT_LIMIT).nullable().default(null),
    }),
    z.object({ ...common, kind: z.literal('checkbox'), default: z.boolean().nullable().default(null) }),
  ])
  .superRefine((rule, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (rule.kind === 'select') {
      if (new Set(rule.options).size < rule.options.length) refuse('options', 'attribute.sameOption')
      if (rule.default !== null && !rule.options.includes(rule.default)) {
        refuse('default', 'attribute.defaultNoOption')
      }
    }
    if (rule.kind === 'number') {
      const { min, max, default: given } = rule
      if (min !== null && max !== null && min > max) refuse('max', 'attribute.emptyRange')
      else if (given !== null && ((min !== null && given < min) || (max !== null && given > max))) {
        refuse('default', 'attribute.defaultOutside')
      }
    }
  })
export type AttributeRule = z.infer<typeof AttributeRule>

/** An attribute as the editor and the settings know it. */
export const Attribute = z.object({ id: AttributeId, name: AttributeName, rule: AttributeRule })
export type Attribute = z.infer<typeof Attribute>

/** Makes one (id null) or changes one. */
export const SaveAttribute = z.object({
  projectId: ProjectId,
  id: AttributeId.nullable(),
  name: AttributeName,
  rule: AttributeRule,
  /** A new name or option goes into the boxes that carry the old one too; otherwise those are flagged. */
  rewrite: z.boolean().default(true),
  /** Options of a select that got another name. */
  renamedOptions: z
    .array(z.object({ from: option, to: option }))
    .max(MOST_OPTIONS)
    .default([]),
})
export type SaveAttribute = z.infer<typeof SaveAttribute>

export const DeleteAttribute = z.object({
  projectId: ProjectId,
  id: AttributeId,
  /** keep = boxes go on carrying the values, which are shown as not defined. */
  values: z.enum(['keep', 'delete']),
})
export type DeleteAttribute = z.infer<typeof DeleteAttribute>

/** All ids in their new order. */
export const OrderAttributes = z.object({ projectId: ProjectId, ids: z.array(AttributeId).max(1_000) })
