import type { Box, BoxAttributes, Expression } from '../contracts/annotation.ts'

type Merged<T> = { ok: true; value: T } | { ok: false }

/**
 * One record that two sides changed from the same beginning, field by field: what only one side changed is taken,
 * attributes each by its name, the four sides of a box together. Null when both changed one field differently.
 */
export function mergeRecords<T extends Box | Expression>(base: T, mine: T, theirs: T): T | null {
  return (
    'text' in base
      ? mergeExpressions(base, mine as Expression, theirs as Expression)
      : mergeBoxes(base, mine as Box, theirs as Box)
  ) as T | null
}

function mergeExpressions(base: Expression, mine: Expression, theirs: Expression): Expression | null {
  const kind = pick(base.kind, mine.kind, theirs.kind)
  const text = pick(base.text, mine.text, theirs.text)
  const position = pick(base.position, mine.position, theirs.position)
  if (!kind.ok || !text.ok || !position.ok) return null
  return { ...theirs, kind: kind.value, text: text.value, position: position.value }
}

function mergeBoxes(base: Box, mine: Box, theirs: Box): Box | null {
  const place = pick(placeOf(base), placeOf(mine), placeOf(theirs))
  const position = pick(base.position, mine.position, theirs.position)
  const expressionIds = pick(sorted(base), sorted(mine), sorted(theirs))
  const origin = pick(base.origin, mine.origin, theirs.origin)
  const attributes = mergeAttributes(base.attributes, mine.attributes, theirs.attributes)
  if (!place.ok || !position.ok || !expressionIds.ok || !origin.ok || !attributes) return null
  return {
    id: theirs.id,
    ...place.value,
    position: position.value,
    expressionIds: expressionIds.value,
    attributes,
    origin: origin.value,
  }
}

function mergeAttributes(
  base: BoxAttributes,
  mine: BoxAttributes,
  theirs: BoxAttributes,
): BoxAttributes | null {
  const merged: BoxAttributes = {}
  for (const name of new Set([base, mine, theirs].flatMap((side) => Object.keys(side)))) {
    const value = pick(base[name], mine[name], theirs[name])
    if (!value.ok) return null
    if (value.value !== undefined) merged[name] = value.value
  }
  return merged
}

function pick<T>(base: T, mine: T, theirs: T): Merged<T> {
  const [was, my, their] = [base, mine, theirs].map((value) => JSON.stringify(value ?? null))
  if (my === was || my === their) return { ok: true, value: theirs }
  return their === was ? { ok: true, value: mine } : { ok: false }
}

function placeOf({ x, y, width, height }: Box) {
  return { x, y, width, height }
}

function sorted({ expressionIds }: Box): Box['expressionIds'] {
  return [...new Set(expressionIds)].sort()
}
