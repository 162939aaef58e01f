import { type Attribute, AttributeName, AttributeRule } from '../../server/contracts/attribute.ts'

/** A definition while it is typed: everything as text, checked when it is saved. */
export interface AttributeDraft {
  name: string
  kind: AttributeRule['kind']
  /** `was` = the stored option that this line renames; null = a new one. */
  options: readonly { key: number; text: string; was: string | null }[]
  min: string
  max: string
  step: string
  unit: string
  /** A text; for a checkbox 'true', 'false' or ''. */
  fallback: string
  to: 'all' | 'labels' | 'phrases'
  labels: readonly string[]
  required: boolean
}

export function draftOf(attribute: Attribute | null): AttributeDraft {
  const rule = attribute?.rule
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : String(value)
  const number = rule?.kind === 'number' ? rule : null
  return {
    name: attribute?.name ?? '',
    kind: rule?.kind ?? 'select',
    options:
      rule?.kind === 'select'
        ? rule.options.map((option, key) => ({ key, text: option, was: option }))
        : [0, 1].map((key) => ({ key, text: '', was: null })),
    min: text(number?.min),
    max: text(number?.max),
    step: text(number?.step),
    unit: number?.unit ?? '',
    fallback: rule?.default === null || rule?.default === undefined ? '' : String(rule.default),
    to: rule?.appliesTo.to ?? 'all',
    labels: rule?.appliesTo.to === 'labels' ? rule.appliesTo.labels : [],
    required: rule?.required ?? false,
  }
}

export type DraftProblem =
  | 'name'
  | 'noOptions'
  | 'sameOption'
  | 'defaultNoOption'
  | 'notANumber'
  | 'emptyRange'
  | 'defaultOutside'
  | 'options'

export type ReadDraft =
  | { ok: true; name: string; rule: AttributeRule; renamedOptions: { from: string; to: string }[] }
  | { ok: false; problem: DraftProblem }

/** The definition that was typed, or the first thing that is wrong with it. */
export function readDraft(draft: AttributeDraft): ReadDraft {
  const name = AttributeName.safeParse(draft.name)
  if (!name.success) return { ok: false, problem: 'name' }
  const typed = [draft.min, draft.max, draft.step, draft.kind === 'number' ? draft.fallback : '']
  const numbers = typed.map((text) => (text.trim() === '' ? null : Number(text.replace(',', '.'))))
  if (draft.kind === 'number' && numbers.some((value) => value !== null && !Number.isFinite(value))) {
    return { ok: false, problem: 'notANumber' }
  }
  const [min, max, step, fallback] = numbers
  const options = draft.options.filter(({ text }) => text.trim() !== '')
  const appliesTo = draft.to === 'labels' ? { to: draft.to, labels: draft.labels } : { to: draft.to }
  const common = { kind: draft.kind, appliesTo, required: draft.required }
  const given = draft.fallback.trim() === '' ? null : draft.fallback.trim()
  const rule = AttributeRule.safeParse({
    ...common,
    ...(draft.kind === 'select' && { options: options.map(({ text }) => text.trim()), default: given }),
    ...(draft.kind === 'number' && { min, max, step, unit: draft.unit, default: fallback }),
    ...(draft.kind === 'text' && { default: given }),
    ...(draft.kind === 'checkbox' && { default: given === null ? null : given === 'true' }),
  })
  if (!rule.success) {
    const message = rule.error.issues[0]?.message ?? ''
    const known = ['noOptions', 'sameOption', 'defaultNoOption', 'emptyRange', 'defaultOutside'] as const
    return { ok: false, problem: known.find((code) => message === `attribute.${code}`) ?? 'options' }
  }
  const renamedOptions =
    draft.kind === 'select'
      ? options.flatMap(({ text, was }) =>
          was && was !== text.trim() ? [{ from: was, to: text.trim() }] : [],
        )
      : []
  return { ok: true, name: name.data, rule: rule.data, renamedOptions }
}
