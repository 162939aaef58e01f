import type {
  AnnotationChange,
  AnnotationDocument,
  Box,
  Expression,
  ExpressionKind,
} from '../contracts/annotation.ts'
import type { ExpressionId } from '../contracts/ids.ts'
import { byPosition } from '../grounding/document.ts'
import { boxChange, type DocumentPlan, expressionChange } from './document-plan.ts'

export interface NewText {
  text: string
  /** Left out = it stays what it is. */
  kind?: ExpressionKind
}

/**
 * Expressions of an image with other texts. Those that come to have one text become one, and boxes of the others
 * answer it. One with boxes survives, so that a negative is taken back by them; then the one that had the text
 * already; then the first.
 * @param newText null = the expression keeps its text
 */
export function planRetext(
  document: AnnotationDocument,
  newText: (expression: Expression) => NewText | null,
): DocumentPlan {
  const groups = new Map<string, { expression: Expression; wanted: NewText | null }[]>()
  for (const expression of document.expressions.toSorted(byPosition)) {
    const wanted = newText(expression)
    const text = wanted?.text ?? expression.text
    const group = groups.get(text)
    if (group) group.push({ expression, wanted })
    else groups.set(text, [{ expression, wanted }])
  }
  const answered = new Set(document.boxes.flatMap((box) => box.expressionIds))
  const into = new Map<ExpressionId, ExpressionId>()
  const renamed: AnnotationChange[] = []
  const removed: AnnotationChange[] = []
  for (const [text, members] of groups) {
    if (members.every(({ wanted }) => wanted === null)) continue
    const positive = members.filter(({ expression }) => answered.has(expression.id))
    const among = positive.length > 0 ? positive : members
    const kept = among.find(({ expression }) => expression.text === text) ?? among[0]
    if (!kept) continue
    const { expression } = kept
    const kind = members.find(({ wanted }) => wanted?.kind)?.wanted?.kind ?? expression.kind
    for (const other of members) {
      if (other === kept) continue
      into.set(other.expression.id, expression.id)
      removed.push(expressionChange(other.expression, null))
    }
    if (expression.text !== text || expression.kind !== kind) {
      renamed.push(expressionChange(expression, { ...expression, text, kind }))
    }
  }
  const { changes, collapsed } = repoint(document.boxes, into)
  return {
    changes: [...renamed, ...changes, ...removed],
    merged: [...into].map(([id, target]) => ({ id, into: target })),
    collapsed,
  }
}

/** Boxes that answered what is gone answer the survivor. */
function repoint(boxes: readonly Box[], into: ReadonlyMap<ExpressionId, ExpressionId>) {
  if (into.size === 0) return { changes: [], collapsed: 0 }
  const wanted = new Map<string, Box | null>()
  for (const box of boxes) {
    if (!box.expressionIds.some((id) => into.has(id))) continue
    const expressionIds = [...new Set(box.expressionIds.map((id) => into.get(id) ?? id))]
    wanted.set(box.id, { ...box, expressionIds })
  }
  const collapsed = collapse(boxes, wanted)
  const changes = boxes.flatMap((box) => {
    const after = wanted.get(box.id)
    return after === undefined ? [] : boxChange(box, after)
  })
  return { changes, collapsed }
}

/**
 * One box where two people (or one) had drawn the same rectangle for both expressions. Two equal boxes of one
 * expression were there before and are not ours to judge; different attributes keep two boxes apart.
 */
function collapse(boxes: readonly Box[], wanted: Map<string, Box | null>): number {
  const places = new Map<string, Box[]>()
  for (const box of boxes.toSorted(byPosition)) {
    const key = [box.x, box.y, box.width, box.height].join(' ')
    const group = places.get(key)
    if (group) group.push(box)
    else places.set(key, [box])
  }
  let collapsed = 0
  for (const group of places.values()) {
    if (group.length < 2 || !group.some(({ id }) => wanted.has(id))) continue
    const kept: { after: Box; answered: Set<string> }[] = []
    for (const box of group) {
      const after = wanted.get(box.id) ?? box
      const twin = kept.find(
        (other) =>
          after.expressionIds.some((id) => other.after.expressionIds.includes(id)) &&
          box.expressionIds.every((id) => !other.answered.has(id)) &&
          agree(other.after, after),
      )
      if (!twin) {
        kept.push({ after, answered: new Set(box.expressionIds) })
        continue
      }
      for (const id of box.expressionIds) twin.answered.add(id)
      twin.after = {
        ...twin.after,
        expressionIds: [...new Set([...twin.after.expressionIds, ...after.expressionIds])],
        attributes: { ...after.attributes, ...twin.after.attributes },
      }
      wanted.set(twin.after.id, twin.after)
      wanted.set(box.id, null)
      collapsed += 1
    }
  }
  return collapsed
}

function agree(one: Box, other: Box): boolean {
  return Object.entries(one.attributes).every(
    ([name, value]) => other.attributes[name] === undefined || other.attributes[name] === value,
  )
}
