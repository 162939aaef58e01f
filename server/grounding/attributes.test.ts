import { describe, expect, it } from 'vitest'
import { aBox, anExpression } from '../../prisma/seed/annotations.ts'
import { Attribute, AttributeRule } from '../contracts/attribute.ts'
import { appliesTo, attributeProblems, defaultValues, valueProblem } from './attributes.ts'

const rule = (given: object) => AttributeRule.parse(given)
const attribute = (name: string, given: object) => Attribute.parse({ id: `at_${name}`, name, rule: given })
const valve = anExpression({ text: 'valve' })
const phrase = anExpression({ kind: 'phrase', text: 'valve' })

describe('a value', () => {
  it.each([
    [{ kind: 'select', options: ['red', 'blue'] }, 'red', null],
    [{ kind: 'select', options: ['red', 'blue'] }, 'green', 'notAnOption'],
    [{ kind: 'select', options: ['1'] }, 1, 'type'],
    [{ kind: 'number', min: 1, max: 5 }, 1, null],
    [{ kind: 'number', min: 1, max: 5 }, 0.99, 'tooSmall'],
    [{ kind: 'number', min: 1, max: 5 }, 5.01, 'tooLarge'],
    [{ kind: 'number', step: 0.1 }, 0.3, null],
    [{ kind: 'number', step: 0.1 }, 0.35, 'offStep'],
    [{ kind: 'number', min: 1, step: 2 }, 4, 'offStep'],
    [{ kind: 'number' }, '3', 'type'],
    [{ kind: 'text' }, '阀门', null],
    [{ kind: 'text' }, true, 'type'],
    [{ kind: 'checkbox' }, false, null],
    [{ kind: 'checkbox' }, 'yes', 'type'],
  ])('of %j: %j is %j', (given, value, problem) => {
    expect(valueProblem(rule(given), value)).toBe(problem)
  })
})

it('is asked of the boxes that the definition speaks of', () => {
  const labels = rule({ kind: 'text', appliesTo: { to: 'labels', labels: ['valve'] } })
  const phrases = rule({ kind: 'text', appliesTo: { to: 'phrases' } })
  const all = rule({ kind: 'text' })
  expect([labels, phrases, all].map((each) => appliesTo(each, [valve]))).toEqual([true, false, true])
  expect([labels, phrases, all].map((each) => appliesTo(each, [phrase]))).toEqual([false, true, true])
  expect(appliesTo(phrases, [valve, phrase])).toBe(true)
})

it('is filled in for a new box where the definition has a default, and missed where it is required', () => {
  const attributes = [
    attribute('asleep', { kind: 'checkbox', default: false, required: true }),
    attribute('colour', { kind: 'select', options: ['red'], required: true }),
    attribute('words', { kind: 'text', default: 'none', appliesTo: { to: 'phrases' } }),
  ]
  const values = defaultValues(attributes, [valve])
  expect(values).toEqual({ asleep: false })
  const imported = { ...values, 'from elsewhere': 3 }
  expect(attributeProblems(aBox([valve], { attributes: imported }), [valve], attributes)).toEqual([
    { name: 'colour', code: 'missing' },
  ])
  const odd = aBox([valve], { attributes: { ...values, colour: 'green', words: 3 } })
  expect(attributeProblems(odd, [valve], attributes)).toEqual([
    { name: 'colour', code: 'notAnOption' },
    { name: 'words', code: 'type' },
  ])
})
