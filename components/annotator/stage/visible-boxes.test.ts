import { describe, expect, it } from 'vitest'
import { docFrom } from '../document/doc.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { inkOn } from './paint-boxes.ts'
import { MAX_SELECTED_NODES, visibleBoxes } from './visible-boxes.ts'

const dog = anExpression({ text: 'dog' })
const cat = anExpression({ text: 'cat' })
const colours = new Map([
  ['dog', '#0072b2'],
  ['cat', '#e69f00'],
])
const [near, tiny, far] = [
  aBox([dog, cat], { x: 10, y: 10, width: 100, height: 100 }),
  aBox([cat], { x: 20, y: 20, width: 5, height: 5 }),
  aBox([dog], { x: 3000, y: 3000, width: 100, height: 100 }),
]
const scene = {
  doc: docFrom({ expressions: [dog, cat], boxes: [near, tiny, far] }, { width: 4000, height: 4000 }),
  viewport: { scale: 2, x: 5, y: -5 },
  area: { width: 800, height: 600 },
  selection: [],
  hovered: null,
  active: null,
}

describe('what is painted', () => {
  it('is in sight only, in screen pixels, coloured by the first expression', () => {
    expect(visibleBoxes(scene, colours)).toEqual([
      {
        rect: { x: 25, y: 15, width: 200, height: 200 },
        colour: '#0072b2',
        label: 'dog · cat',
        emphasis: 'normal',
      },
      { rect: { x: 45, y: 35, width: 10, height: 10 }, colour: '#e69f00', label: '', emphasis: 'normal' },
    ])
  })

  it('leaves out the few selected boxes, which are nodes with handles', () => {
    expect(visibleBoxes({ ...scene, selection: [near.id] }, colours)).toHaveLength(1)
  })

  it('takes a large selection in, so that no node per box is needed', () => {
    const many = Array.from({ length: MAX_SELECTED_NODES + 1 }, () => aBox([dog]))
    const doc = docFrom({ expressions: [dog], boxes: many }, scene.doc.image)
    const painted = visibleBoxes({ ...scene, doc, selection: many.map((box) => box.id) }, colours)
    expect(painted.map((box) => box.emphasis)).toEqual(many.map(() => 'selected'))
  })

  it('stands out when hovered or when it answers the chosen expression', () => {
    const painted = visibleBoxes(
      { ...scene, hovered: tiny.id, active: { kind: 'class', text: 'dog' } },
      colours,
    )
    expect(painted.map((box) => box.emphasis)).toEqual(['active', 'hovered'])
  })

  it('has black or white letters, whichever reads better', () => {
    expect([inkOn('#0072b2'), inkOn('#e69f00'), inkOn('#332288'), inkOn('#88ccee')]).toEqual([
      '#ffffff',
      '#000000',
      '#ffffff',
      '#000000',
    ])
  })
})
