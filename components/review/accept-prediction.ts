import type {
  AnnotationChange,
  AnnotationDocument,
  Box,
  Expression,
} from '../../server/contracts/annotation.ts'
import type { NormalisedBox, PredictionModel } from '../../server/contracts/prediction.ts'
import { denormaliseBox, type Size } from '../../server/grounding/coordinates.ts'
import { cornersOf } from '../../server/grounding/document.ts'
import { greedyMatch } from '../../server/grounding/match.ts'
import type { Ids } from '../annotator/document/edit.ts'

export interface Acceptance {
  sample: Size & { expression: string; kind: Expression['kind'] }
  boxes: readonly NormalisedBox[]
  model: PredictionModel
  runId: string
}

/**
 * The changes that add a prediction to what is annotated today. Boxes that are annotated already (one to
 * one, IoU of at least 0.5) stay as the person drew them; nothing is ever removed.
 * @returns empty when there is nothing to add
 */
export function acceptanceChanges(
  document: AnnotationDocument,
  { sample, boxes, model, runId }: Acceptance,
  ids: Ids,
): AnnotationChange[] {
  const known = document.expressions.find(({ text }) => text === sample.expression)
  const expression: Expression = known ?? {
    id: ids.expression(),
    kind: sample.kind,
    text: sample.expression,
    position: nextPosition(document.expressions),
  }
  const annotated = document.boxes.filter(({ expressionIds }) => expressionIds.includes(expression.id))
  const predicted = boxes.map((box) => denormaliseBox(box, sample))
  const matched = new Set(greedyMatch(predicted, annotated.map(cornersOf)).map((match) => match.predicted))
  const first = nextPosition(document.boxes)
  const added = predicted
    .filter((_, index) => !matched.has(index))
    .map(
      ([x1, y1, x2, y2], index): Box => ({
        id: ids.box(),
        ...{ x: x1, y: y1, width: x2 - x1, height: y2 - y1 },
        position: first + index,
        expressionIds: [expression.id],
        attributes: {},
        origin: { by: 'model', model, runId },
      }),
    )
  if (added.length === 0) return []
  const changes = added.map(
    (box): AnnotationChange => ({ type: 'box', id: box.id, before: null, after: box }),
  )
  if (known) return changes
  return [{ type: 'expression', id: expression.id, before: null, after: expression }, ...changes]
}

/** Takes changes back: last first, each the other way round. */
export function undone(changes: readonly AnnotationChange[]): AnnotationChange[] {
  return changes
    .map((change) => ({ ...change, before: change.after, after: change.before }) as AnnotationChange)
    .reverse()
}

function nextPosition(records: readonly { position: number }[]): number {
  return Math.max(0, ...records.map(({ position }) => position)) + 1
}
