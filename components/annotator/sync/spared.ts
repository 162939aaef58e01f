import type { ExpressionId } from '../../../server/contracts/ids.ts'
import { type Change, changeExpression } from '../document/change.ts'
import { boxCounts, type Doc } from '../document/doc.ts'

/**
 * Expressions that kept other boxes when one of theirs was taken away here. When two people take one of the last two boxes
 * each, nobody has said that the image shows no such thing, yet a record without boxes says just that.
 */
export class Spared {
  private readonly ids = new Set<ExpressionId>()

  /** A step of the person here; `doc` as it leaves the document. */
  note(changes: readonly Change[], doc: Doc): void {
    const counts = boxCounts(doc)
    for (const change of changes) {
      if (change.type !== 'box') continue
      const kept = new Set(change.after?.expressionIds)
      for (const id of change.before?.expressionIds ?? []) {
        if (kept.has(id)) continue
        if (counts.has(id)) this.ids.add(id)
        else this.ids.delete(id)
      }
    }
  }

  /** Somebody has said something of these expressions themselves. */
  forget(changes: readonly Change[]): void {
    for (const { type, id } of changes) if (type === 'expression') this.ids.delete(id as ExpressionId)
  }

  /**
   * Takes away those that nobody has left a box.
   * @param doc what everybody has done, with what is not sent yet on top
   * @param isAgreed nothing is unsent: what has a box now was spared, and whoever takes that box later knows of ours
   */
  orphaned(doc: Doc, isAgreed: boolean): Change[] {
    const counts = boxCounts(doc)
    const orphans = [...this.ids].flatMap((id) => {
      const expression = doc.expressions.get(id)
      if (!expression || counts.has(id)) return []
      this.ids.delete(id)
      return [changeExpression(expression, null)]
    })
    if (isAgreed) this.ids.clear()
    return orphans
  }
}
