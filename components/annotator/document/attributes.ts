import type { Box } from '../../../server/contracts/annotation.ts'
import type { Attribute } from '../../../server/contracts/attribute.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import {
  type AttributeProblem,
  type AttributeValue,
  appliesTo,
  attributeProblems,
  defaultValues,
} from '../../../server/grounding/attributes.ts'
import { type Change, changeBox } from './change.ts'
import type { Doc } from './doc.ts'

/** What one field of the panel shows for the selected boxes. */
export interface AttributeField {
  attribute: Attribute
  /** Those of the selected boxes that are asked for it or carry it. */
  ids: readonly BoxId[]
  /** Undefined = none has any, or they differ. */
  value: AttributeValue | undefined
  isMixed: boolean
}

/** A value under a name that nobody has defined: an import brought it, or the definition was deleted. */
export interface UndefinedValue {
  name: string
  ids: readonly BoxId[]
  values: readonly AttributeValue[]
}

export function attributeFields(
  doc: Doc,
  boxes: readonly Box[],
  attributes: readonly Attribute[],
): AttributeField[] {
  return attributes.flatMap((attribute): AttributeField[] => {
    const { name, rule } = attribute
    const asked = boxes.filter(
      (box) => box.attributes[name] !== undefined || appliesTo(rule, answeredBy(doc, box)),
    )
    const [first] = asked
    if (!first) return []
    const value = first.attributes[name]
    const isMixed = asked.some((box) => box.attributes[name] !== value)
    return [{ attribute, ids: asked.map((box) => box.id), value: isMixed ? undefined : value, isMixed }]
  })
}

export function undefinedValues(boxes: readonly Box[], attributes: readonly Attribute[]): UndefinedValue[] {
  const known = new Set(attributes.map(({ name }) => name))
  const found = new Map<string, { ids: BoxId[]; values: Set<AttributeValue> }>()
  for (const box of boxes) {
    for (const [name, value] of Object.entries(box.attributes)) {
      if (known.has(name)) continue
      const entry = found.get(name) ?? { ids: [], values: new Set() }
      entry.ids.push(box.id)
      entry.values.add(value)
      found.set(name, entry)
    }
  }
  return [...found].map(([name, { ids, values }]) => ({ name, ids, values: [...values] }))
}

/** Undefined takes the value away; boxes that have it already make no change. */
export function setAttribute(
  doc: Doc,
  ids: readonly BoxId[],
  name: string,
  value: AttributeValue | undefined,
): Change[] {
  return ids.flatMap((id) => {
    const box = doc.boxes.get(id)
    if (!box || box.attributes[name] === value) return []
    const { [name]: _, ...rest } = box.attributes
    const attributes = value === undefined ? rest : { ...box.attributes, [name]: value }
    return changeBox(box, { ...box, attributes })
  })
}

/** New boxes with what the definitions say they begin with. */
export function withDefaults(
  doc: Doc,
  changes: readonly Change[],
  attributes: readonly Attribute[],
): Change[] {
  const made = new Map(
    changes.flatMap((change) =>
      change.type === 'expression' && change.after ? [[change.after.id, change.after] as const] : [],
    ),
  )
  return changes.map((change): Change => {
    if (change.type !== 'box' || change.before || !change.after) return change
    const answered = change.after.expressionIds.flatMap((id) => made.get(id) ?? doc.expressions.get(id) ?? [])
    const given = { ...defaultValues(attributes, answered), ...change.after.attributes }
    return { ...change, after: { ...change.after, attributes: given } }
  })
}

export function problemsOf(doc: Doc, box: Box, attributes: readonly Attribute[]): AttributeProblem[] {
  return attributes.length === 0 ? [] : attributeProblems(box, answeredBy(doc, box), attributes)
}

/** Boxes that lack what is required, and boxes with values that do not fit. */
export function attributeWarnings(
  doc: Doc,
  attributes: readonly Attribute[],
): { missing: BoxId[]; unfit: BoxId[] } {
  const missing: BoxId[] = []
  const unfit: BoxId[] = []
  if (attributes.length === 0) return { missing, unfit }
  for (const box of doc.boxes.values()) {
    const problems = problemsOf(doc, box, attributes)
    if (problems.some(({ code }) => code === 'missing')) missing.push(box.id)
    if (problems.some(({ code }) => code !== 'missing')) unfit.push(box.id)
  }
  return { missing, unfit }
}

function answeredBy(doc: Doc, box: Box) {
  return box.expressionIds.flatMap((id) => doc.expressions.get(id) ?? [])
}
