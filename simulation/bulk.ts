import type { Change } from '../components/annotator/document/change.ts'
import { changeBox, changeExpression } from '../components/annotator/document/change.ts'
import { docFrom, expressionByText, orderedExpressions } from '../components/annotator/document/doc.ts'
import { deleteExpression } from '../components/annotator/document/edit.ts'
import type { AnnotationDocument, Expression } from '../server/contracts/annotation.ts'
import type { ExpressionId } from '../server/contracts/ids.ts'
import { type Act, TEXTS } from './act.ts'
import { IMAGE } from './server.ts'

/** What a change of the project's labels means for one image. */
export interface Bulk {
  changes: Change[]
  merged?: { from: ExpressionId; into: ExpressionId }
  deleted?: ExpressionId
}

/** A label is renamed, merged into another or deleted while people work on the image. */
export function bulkChange(document: AnnotationDocument, { kind, pick, choices }: Act): Bulk {
  const doc = docFrom(document, IMAGE)
  const expressions = orderedExpressions(doc)
  const expression = expressions[pick % Math.max(1, expressions.length)]
  const other = expressions[(pick + 1) % Math.max(1, expressions.length)]
  if (!expression) return { changes: [] }
  if (kind === 'bulkDelete') {
    return { changes: deleteExpression(doc, expression.id), deleted: expression.id }
  }
  if (kind === 'bulkMerge') return other ? merge(document, expression, other) : { changes: [] }
  const text = `${TEXTS[choices % TEXTS.length]}${choices % 2 ? '' : ' 2'}`
  const taken = expressionByText(doc, text)
  if (taken) return merge(document, expression, taken)
  return { changes: [changeExpression(expression, { ...expression, text })] }
}

function merge({ boxes }: AnnotationDocument, from: Expression, into: Expression): Bulk {
  if (from.id === into.id) return { changes: [] }
  const moved = boxes
    .filter((box) => box.expressionIds.includes(from.id))
    .map((box) => {
      const ids = box.expressionIds.map((id) => (id === from.id ? into.id : id))
      return changeBox(box, { ...box, expressionIds: [...new Set(ids)] })
    })
  return { changes: [...moved, changeExpression(from, null)], merged: { from: from.id, into: into.id } }
}
