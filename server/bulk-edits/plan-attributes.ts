import type { AnnotationDocument, BoxAttributes } from '../contracts/annotation.ts'
import { boxChange, type DocumentPlan } from './document-plan.ts'

/** Values go on under another name. A box that has one under the new name already keeps both. */
export function planRenameAttribute(document: AnnotationDocument, from: string, to: string): DocumentPlan {
  return planAttributes(document, (attributes) => {
    const { [from]: value, ...rest } = attributes
    return value === undefined || rest[to] !== undefined ? null : { ...rest, [to]: value }
  })
}

export function planRenameOptions(
  document: AnnotationDocument,
  name: string,
  options: readonly { from: string; to: string }[],
): DocumentPlan {
  const names = new Map(options.map(({ from, to }) => [from, to]))
  return planAttributes(document, (attributes) => {
    const value = attributes[name]
    const to = typeof value === 'string' ? names.get(value) : undefined
    return to === undefined ? null : { ...attributes, [name]: to }
  })
}

export function planClearAttribute(document: AnnotationDocument, name: string): DocumentPlan {
  return planAttributes(document, ({ [name]: value, ...rest }) => (value === undefined ? null : rest))
}

function planAttributes(
  document: AnnotationDocument,
  change: (attributes: BoxAttributes) => BoxAttributes | null,
): DocumentPlan {
  const changes = document.boxes.flatMap((box) => {
    const attributes = change(box.attributes)
    return attributes ? boxChange(box, { ...box, attributes }) : []
  })
  return { changes, merged: [], collapsed: 0 }
}
