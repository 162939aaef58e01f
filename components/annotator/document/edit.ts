import type {
  Box,
  BoxAttributes,
  BoxOrigin,
  Expression,
  ExpressionKind,
} from '../../../server/contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../../../server/contracts/ids.ts'
import type { Rect } from '../geometry/rects.ts'
import { applyChanges, type Change, changeBox, changeExpression } from './change.ts'
import { boxCounts, type Doc, expressionByText, nextPosition } from './doc.ts'

/**
 * What a person draws for: a class or a phrase. It becomes a record with its first box (or when it is
 * stated as a negative), since a record without boxes means "not in this image".
 */
export interface Entry {
  readonly kind: ExpressionKind
  readonly text: string
}

/** Makes ids; injected, so that tests know them. */
export interface Ids {
  box: () => BoxId
  expression: () => ExpressionId
}

const BY_PERSON: BoxOrigin = { by: 'person' }

/** What a new box is made from. */
export interface NewBox {
  rect: Rect
  /** At least one. */
  entries: readonly Entry[]
  attributes?: BoxAttributes
  /** Without one it is a person's. */
  origin?: BoxOrigin
  /** Without one it gets a new id. */
  id?: BoxId
}

/** A new box that answers `entry`, and the expression's record where there is none yet. */
export function createBox(doc: Doc, entry: Entry, rect: Rect, ids: Ids): { id: BoxId; changes: Change[] } {
  const changes = createBoxes(doc, [{ rect, entries: [entry] }], ids)
  return { id: createdIn(changes)[0] as BoxId, changes }
}

/** New boxes in the order given, and the records of expressions that are not there yet. */
export function createBoxes(doc: Doc, made: readonly NewBox[], ids: Ids): Change[] {
  const expressions = new Map([...doc.expressions.values()].map((known) => [known.text, known]))
  let position = nextPosition(doc.boxes.values())
  let expressionPosition = nextPosition(doc.expressions.values())
  return made.flatMap(({ rect, entries, attributes = {}, origin = BY_PERSON, id = ids.box() }) => {
    const changes: Change[] = []
    for (const { kind, text } of entries) {
      if (expressions.has(text)) continue
      const expression: Expression = { id: ids.expression(), kind, text, position: expressionPosition }
      expressionPosition += 1
      expressions.set(text, expression)
      changes.push(changeExpression(null, expression))
    }
    const expressionIds = entries.flatMap(({ text }) => expressions.get(text)?.id ?? [])
    const box: Box = { id, ...rect, position, expressionIds, attributes, origin }
    position += 1
    return [...changes, changeBox(null, box)]
  })
}

/** The boxes that come into being by the changes. */
export function createdIn(changes: readonly Change[]): BoxId[] {
  return changes.flatMap((change) => (change.type === 'box' && change.before === null ? change.id : []))
}

export function deleteBoxes(doc: Doc, ids: readonly BoxId[]): Change[] {
  return withoutOrphans(
    doc,
    boxesOf(doc, ids).map((box) => changeBox(box, null)),
  )
}

/** Gives boxes a new place; those that stay where they are make no change. */
export function placeBoxes(doc: Doc, places: ReadonlyMap<BoxId, Rect>): Change[] {
  return boxesOf(doc, [...places.keys()]).flatMap((box) => {
    const rect = places.get(box.id)
    return rect && !sameRect(box, rect) ? changeBox(box, { ...box, ...rect }) : []
  })
}

/** The boxes answer `entry` and nothing else. */
export function relabelBoxes(doc: Doc, ids: readonly BoxId[], entry: Entry, make: Ids): Change[] {
  const { expression, changes } = ensureExpression(doc, entry, make)
  const moved = boxesOf(doc, ids)
    .filter((box) => box.expressionIds.length !== 1 || box.expressionIds[0] !== expression.id)
    .map((box) => changeBox(box, { ...box, expressionIds: [expression.id] }))
  return moved.length === 0 ? [] : withoutOrphans(doc, [...changes, ...moved])
}

/** The boxes answer `entry` too; when all of them do already, they stop doing so (never their last one). */
export function toggleAnswer(doc: Doc, ids: readonly BoxId[], entry: Entry, make: Ids): Change[] {
  const { expression, changes } = ensureExpression(doc, entry, make)
  const boxes = boxesOf(doc, ids)
  const remove = boxes.every((box) => box.expressionIds.includes(expression.id))
  const toggled = boxes.flatMap((box) => {
    const others = box.expressionIds.filter((id) => id !== expression.id)
    if (remove) return others.length > 0 ? changeBox(box, { ...box, expressionIds: others }) : []
    if (others.length < box.expressionIds.length) return []
    return changeBox(box, { ...box, expressionIds: [...others, expression.id] })
  })
  return toggled.length === 0 ? [] : withoutOrphans(doc, [...changes, ...toggled])
}

/** Copies, shifted a little and kept inside the image. */
export function duplicateBoxes(doc: Doc, places: ReadonlyMap<BoxId, Rect>, make: Ids): Change[] {
  let position = nextPosition(doc.boxes.values())
  return boxesOf(doc, [...places.keys()]).map((box) => {
    const copy: Box = { ...box, ...places.get(box.id), id: make.box(), position, origin: BY_PERSON }
    position += 1
    return changeBox(null, copy)
  })
}

/** States that the expression is not in this image, or takes that back. Null = it has boxes. */
export function toggleNegative(doc: Doc, entry: Entry, make: Ids): Change[] | null {
  const expression = expressionByText(doc, entry.text)
  if (!expression) return ensureExpression(doc, entry, make).changes
  return boxCounts(doc).has(expression.id) ? null : [changeExpression(expression, null)]
}

/** Null = another expression of this image has that text already. */
export function renameExpression(doc: Doc, id: ExpressionId, text: string): Change[] | null {
  const expression = doc.expressions.get(id)
  if (!expression || expression.text === text) return []
  if (expressionByText(doc, text)) return null
  return [changeExpression(expression, { ...expression, text })]
}

export function setExpressionKind(doc: Doc, id: ExpressionId, kind: ExpressionKind): Change[] {
  const expression = doc.expressions.get(id)
  return !expression || expression.kind === kind
    ? []
    : [changeExpression(expression, { ...expression, kind })]
}

/** The expression with all boxes that answer nothing else; shared boxes keep their other answers. */
export function deleteExpression(doc: Doc, id: ExpressionId): Change[] {
  const expression = doc.expressions.get(id)
  if (!expression) return []
  const boxes = [...doc.boxes.values()].filter((box) => box.expressionIds.includes(id))
  return [
    ...boxes.map((box) => {
      const others = box.expressionIds.filter((other) => other !== id)
      return changeBox(box, others.length > 0 ? { ...box, expressionIds: others } : null)
    }),
    changeExpression(expression, null),
  ]
}

function ensureExpression(doc: Doc, entry: Entry, ids: Ids): { expression: Expression; changes: Change[] } {
  const known = expressionByText(doc, entry.text)
  if (known) return { expression: known, changes: [] }
  const position = nextPosition(doc.expressions.values())
  const expression: Expression = { id: ids.expression(), kind: entry.kind, text: entry.text, position }
  return { expression, changes: [changeExpression(null, expression)] }
}

/**
 * Adds the deletion of every expression that loses its last box by these changes. Left in place it
 * would silently turn into "not in this image", and be trained as such.
 */
function withoutOrphans(doc: Doc, changes: Change[]): Change[] {
  const before = boxCounts(doc)
  const after = boxCounts(applyChanges(doc, changes))
  const orphans = [...before.keys()].filter((id) => !after.has(id))
  return [
    ...changes,
    ...orphans.flatMap((id) => {
      const expression = doc.expressions.get(id)
      return expression ? changeExpression(expression, null) : []
    }),
  ]
}

function boxesOf(doc: Doc, ids: readonly BoxId[]): Box[] {
  return ids.flatMap((id) => doc.boxes.get(id) ?? [])
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}
