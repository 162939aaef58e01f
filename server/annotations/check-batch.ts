import type { AnnotationChange, AnnotationConflict, Box, Expression } from '../contracts/annotation.ts'
import { StudioError } from '../errors.ts'
import { boxProblem, type Size } from '../grounding/coordinates.ts'
import { cornersOf } from '../grounding/document.ts'
import { canonical } from './records.ts'

/** Pixels a box may stick out of the image: sums of doubles, not a person's intention. */
const EDGE_TOLERANCE = 1e-3

/** The records a batch meets, keyed by id; replaced in place while the batch is played. */
export interface Current {
  boxes: Map<string, Box>
  expressions: Map<string, Expression>
}

/** What a batch does to the records, after all its changes. */
export interface BatchOutcome {
  conflicts: AnnotationConflict[]
  /** Those that change anything; a change that is already so is left out. */
  effective: AnnotationChange[]
}

/**
 * Plays the changes on the current records. A change holds when its `before` is what is there, or
 * when its `after` already is; anything else is a conflict of two people (or two tabs).
 */
export function playBatch(current: Current, changes: readonly AnnotationChange[]): BatchOutcome {
  const conflicts: AnnotationConflict[] = []
  const effective: AnnotationChange[] = []
  for (const change of changes) {
    const records: Map<string, Box | Expression> = change.type === 'box' ? current.boxes : current.expressions
    const theirs = records.get(change.id) ?? null
    const now = canonical(theirs)
    if (now === canonical(change.after)) continue
    if (now !== canonical(change.before)) {
      conflicts.push({ type: change.type, id: change.id, mine: change.after, theirs })
      continue
    }
    effective.push(change)
    if (change.after) records.set(change.id, change.after)
    else records.delete(change.id)
  }
  return { conflicts, effective }
}

/** Refuses changes that no state of the server could take; says which record and what to do. */
export function requireWellFormed(changes: readonly AnnotationChange[], size: Size): void {
  const problems: string[] = []
  for (const { type, id, before, after } of changes) {
    if (!before && !after) problems.push(`${type} ${id}: it has neither a before nor an after.`)
    if ((before && before.id !== id) || (after && after.id !== id)) {
      problems.push(`${type} ${id}: its before or after carries another id.`)
    }
    if (type === 'box' && after) {
      const problem = sizeProblem(after as Box, size)
      if (problem) problems.push(`Box ${id}: ${problem}`)
    }
  }
  if (problems.length > 0) {
    throw new StudioError('BAD_REQUEST', { message: problems.slice(0, 20).join(' '), details: { problems } })
  }
}

function sizeProblem(box: Box, size: Size): string | null {
  const corners = cornersOf(box)
  const problem = boxProblem(corners, size)
  const where = `(${corners.map((value) => Number(value.toFixed(2))).join(', ')})`
  switch (problem?.code) {
    case undefined:
      break
    case 'notFinite':
      return 'a coordinate is not a number.'
    case 'empty':
      return `it has no ${problem.axis === 'x' ? 'width' : 'height'}; draw it again.`
    case 'outside':
      return `${where} lies outside the image of ${size.width} × ${size.height} pixels.`
    case 'vanishes':
      return `its ${problem.axis === 'x' ? 'width' : 'height'} would vanish when rounded to 0..1000; make it at least ${(2 * problem.smallest).toFixed(1)} pixels.`
  }
  const outside = corners[2] > size.width + EDGE_TOLERANCE || corners[3] > size.height + EDGE_TOLERANCE
  return outside ? `${where} sticks out of the image of ${size.width} × ${size.height} pixels.` : null
}

/**
 * What must hold between records once the batch is played: boxes name expressions that are there,
 * no two expressions of an image have one text.
 * @param touched ids of the batch; a clash with anything else comes from another person
 */
export function relationConflicts(
  current: Current,
  referring: readonly Box[],
  touched: ReadonlySet<string>,
): AnnotationConflict[] {
  const conflicts: AnnotationConflict[] = []
  for (const box of referring) {
    const missing = box.expressionIds.find((id) => !current.expressions.has(id))
    if (missing === undefined) continue
    // Ours names an expression that someone else deleted, or theirs names one that we delete.
    conflicts.push(
      touched.has(box.id)
        ? { type: 'expression', id: missing, mine: box, theirs: null }
        : { type: 'box', id: box.id, mine: null, theirs: box },
    )
  }
  const byText = new Map<string, Expression>()
  for (const expression of current.expressions.values()) {
    const other = byText.get(expression.text)
    byText.set(expression.text, expression)
    if (!other) continue
    const [mine, theirs] = touched.has(expression.id) ? [expression, other] : [other, expression]
    if (touched.has(theirs.id)) {
      throw new StudioError('BAD_REQUEST', {
        message: `“${mine.text}” stands twice on this image; put its boxes under one expression.`,
        details: { expressionIds: [mine.id, theirs.id] },
      })
    }
    conflicts.push({ type: 'expression', id: mine.id, mine, theirs })
  }
  return conflicts
}
