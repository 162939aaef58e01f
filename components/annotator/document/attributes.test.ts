import { describe, expect, it } from 'vitest'
import { Attribute } from '../../../server/contracts/attribute.ts'
import { clip, paste } from '../clipboard/clipping.ts'
import { Editor } from '../editor/editor.ts'
import { aBox, anExpression } from '../testing/records.ts'
import {
  attributeFields,
  attributeWarnings,
  setAttribute,
  undefinedValues,
  withDefaults,
} from './attributes.ts'
import { docFrom } from './doc.ts'
import { createBox, duplicateBoxes } from './edit.ts'
import { randomIds } from './new-id.ts'

const image = { width: 1000, height: 800 }
const attribute = (name: string, rule: object) => Attribute.parse({ id: `at_${name}`, name, rule })
const colour = attribute('colour', { kind: 'select', options: ['red', 'blue'], required: true })
const asleep = attribute('asleep', {
  ...{ kind: 'checkbox', default: false },
  appliesTo: { to: 'labels', labels: ['cat'] },
})
const [dog, cat] = [anExpression({ text: 'dog' }), anExpression({ text: 'cat' })]
const red = aBox([dog], { attributes: { colour: 'red', score: 3 } })
const blue = aBox([cat], { x: 300, attributes: { colour: 'blue' } })
const doc = docFrom({ expressions: [dog, cat], boxes: [red, blue] }, image)
const attributes = [colour, asleep]

describe('the fields of the selected boxes', () => {
  it('are those of the definitions that speak of any of them, and say where values differ', () => {
    expect(attributeFields(doc, [red, blue], attributes)).toEqual([
      { attribute: colour, ids: [red.id, blue.id], value: undefined, isMixed: true },
      { attribute: asleep, ids: [blue.id], value: undefined, isMixed: false },
    ])
    expect(undefinedValues([red, blue], attributes)).toEqual([{ name: 'score', ids: [red.id], values: [3] }])
  })

  it('change all of them in one step that undo takes back at once', () => {
    const editor = new Editor({ doc })
    editor.commit('attribute', setAttribute(doc, [red.id, blue.id], 'colour', 'blue'))
    const values = () => [...editor.getState().doc.boxes.values()].map((box) => box.attributes.colour)
    expect(values()).toEqual(['blue', 'blue'])
    editor.undo()
    expect(values()).toEqual(['red', 'blue'])
    expect(setAttribute(doc, [red.id], 'score', undefined)).toMatchObject([
      { after: { attributes: { colour: 'red' } } },
    ])
    expect(setAttribute(doc, [red.id], 'colour', 'red')).toEqual([])
  })
})

it('gives a drawn box its defaults, and leaves copies as they were', () => {
  const rect = { x: 1, y: 1, width: 50, height: 50 }
  const editor = new Editor({ doc })
  editor.setAttributes(attributes)
  editor.commit('draw', createBox(doc, { kind: 'class', text: 'cat' }, rect, randomIds).changes)
  editor.commit('duplicate', duplicateBoxes(doc, new Map([[red.id, rect]]), randomIds))
  const clipping = clip(doc, [blue.id])
  if (!clipping) throw new Error('nothing was copied')
  editor.commit('paste', paste(editor.getState().doc, clipping, 'shift', randomIds).changes)
  expect([...editor.getState().doc.boxes.values()].slice(2).map((box) => box.attributes)).toEqual([
    { asleep: false },
    red.attributes,
    blue.attributes,
  ])
  expect(withDefaults(doc, [], attributes)).toEqual([])
})

it('warns of boxes without what is required and of values that do not fit', () => {
  const odd = aBox([dog], { attributes: { colour: 'green' } })
  const bare = aBox([dog])
  const mixed = docFrom({ expressions: [dog], boxes: [red, odd, bare].map((box) => ({ ...box })) }, image)
  expect(attributeWarnings(mixed, attributes)).toEqual({ missing: [bare.id], unfit: [odd.id] })
  expect(attributeWarnings(mixed, [])).toEqual({ missing: [], unfit: [] })
})
