import type { AnnotationDocument, Expression } from '../contracts/annotation.ts'
import type { BulkEditPayload } from '../contracts/bulk-edit.ts'
import type { DocumentPlan } from './document-plan.ts'
import { planClearAttribute, planRenameAttribute, planRenameOptions } from './plan-attributes.ts'
import { planDelete } from './plan-delete.ts'
import { planRetext } from './plan-retext.ts'

/** The plan of every edit but undo, which follows the revisions. Pure: the same document gives the same plan. */
export function planEdit(
  document: AnnotationDocument,
  payload: Exclude<BulkEditPayload, { kind: 'undo' }>,
): DocumentPlan {
  switch (payload.kind) {
    case 'rename-label':
      return planRetext(document, toClass(payload.from, payload.to))
    case 'merge-label':
      return planRetext(document, toClass(payload.label.name, payload.into))
    case 'delete-label':
      return planDelete(document, isClass(payload.label.name))
    case 'replace': {
      const targets = targetsOf(payload.lines)
      return planRetext(document, ({ kind, text }) => {
        const to = targets.get(`${kind} ${text}`)
        return to === undefined ? null : { text: to }
      })
    }
    case 'rename-attribute':
      return planRenameAttribute(document, payload.from, payload.to)
    case 'rename-options':
      return planRenameOptions(document, payload.name, payload.options)
    case 'clear-attribute':
      return planClearAttribute(document, payload.attribute.name)
  }
}

const cache = new WeakMap<object, Map<string, string>>()

/** Looked up for every image: a replacement may have thousands of lines. */
function targetsOf(lines: readonly { kind: string; from: string; to: string }[]): Map<string, string> {
  const known = cache.get(lines)
  if (known) return known
  const made = new Map(lines.map(({ kind, from, to }) => [`${kind} ${from}`, to]))
  cache.set(lines, made)
  return made
}

const isClass = (name: string) => (expression: Expression) =>
  expression.kind === 'class' && expression.text === name

const toClass = (from: string, to: string) => (expression: Expression) =>
  isClass(from)(expression) ? ({ text: to, kind: 'class' } as const) : null
