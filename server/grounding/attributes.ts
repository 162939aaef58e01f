import type { Box, BoxAttributes, Expression } from '../contracts/annotation.ts'
import { ATTRIBUTE_TEXT_LIMIT, type Attribute, type AttributeRule } from '../contracts/attribute.ts'

export type AttributeValue = BoxAttributes[string]
type Named = Pick<Expression, 'kind' | 'text'>

/** Why a value does not fit its definition: it was imported, or the definition has changed since. */
export type ValueProblem = 'type' | 'notAnOption' | 'tooSmall' | 'tooLarge' | 'offStep' | 'tooLong'

/** Whether a box that answers these expressions is asked for the attribute. */
export function appliesTo({ appliesTo: asked }: AttributeRule, answered: readonly Named[]): boolean {
  switch (asked.to) {
    case 'all':
      return true
    case 'phrases':
      return answered.some(({ kind }) => kind === 'phrase')
    case 'labels':
      return answered.some(({ kind, text }) => kind === 'class' && asked.labels.includes(text))
  }
}

/** Null = it fits. */
export function valueProblem(rule: AttributeRule, value: AttributeValue): ValueProblem | null {
  switch (rule.kind) {
    case 'checkbox':
      return typeof value === 'boolean' ? null : 'type'
    case 'text':
      if (typeof value !== 'string') return 'type'
      return value.length > ATTRIBUTE_TEXT_LIMIT ? 'tooLong' : null
    case 'select':
      if (typeof value !== 'string') return 'type'
      return rule.options.includes(value) ? null : 'notAnOption'
    case 'number': {
      if (typeof value !== 'number') return 'type'
      if (rule.min !== null && value < rule.min) return 'tooSmall'
      if (rule.max !== null && value > rule.max) return 'tooLarge'
      return rule.step !== null && !isMultiple(value - (rule.min ?? 0), rule.step) ? 'offStep' : null
    }
  }
}

/** 0.3 is a multiple of 0.1, though not in doubles. */
function isMultiple(value: number, step: number): boolean {
  const times = value / step
  return Math.abs(times - Math.round(times)) < 1e-6
}

/** What a new box of these expressions begins with. */
export function defaultValues(attributes: readonly Attribute[], answered: readonly Named[]): BoxAttributes {
  return Object.fromEntries(
    attributes.flatMap(({ name, rule }) =>
      rule.default !== null && appliesTo(rule, answered) ? [[name, rule.default]] : [],
    ),
  )
}

export interface AttributeProblem {
  name: string
  code: ValueProblem | 'missing'
}

/** What is wrong with the attributes of one box: required ones that it lacks, and values that do not fit. */
export function attributeProblems(
  box: Pick<Box, 'attributes'>,
  answered: readonly Named[],
  attributes: readonly Attribute[],
): AttributeProblem[] {
  return attributes.flatMap(({ name, rule }): AttributeProblem[] => {
    const value = box.attributes[name]
    if (value !== undefined) {
      const code = valueProblem(rule, value)
      return code ? [{ name, code }] : []
    }
    return rule.required && appliesTo(rule, answered) ? [{ name, code: 'missing' }] : []
  })
}
