import { describe, expect, it } from 'vitest'
import { docFrom } from '../document/doc.ts'
import { NO_GUARDS } from '../document/guards.ts'
import { DEFAULT_VIEW } from '../editor/view-settings.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { type Looked, looksCache, looksOf } from './looks.ts'
import { inkOn } from './paint-boxes.ts'
import { MAX_SELECTED_NODES, type Scene, visibleBoxes } from './visible-boxes.ts'

type Shown = Scene & Looked

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
const scene: Shown = {
  doc: docFrom({ expressions: [dog, cat], boxes: [near, tiny, far] }, { width: 4000, height: 4000 }),
  viewport: { scale: 2, x: 5, y: -5, turn: 0 },
  area: { width: 800, height: 600 },
  selection: [],
  hovered: null,
  active: null,
  guards: NO_GUARDS,
  view: DEFAULT_VIEW,
}

const painted = (shown: Shown) => visibleBoxes(shown, looksOf(shown, colours))

describe('what is painted', () => {
  it('is in sight only, in screen pixels, coloured by the first expression', () => {
    expect(painted(scene)).toEqual([
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
    expect(painted({ ...scene, selection: [near.id] })).toHaveLength(1)
  })

  it('takes a large selection in, so that no node per box is needed', () => {
    const many = Array.from({ length: MAX_SELECTED_NODES + 1 }, () => aBox([dog]))
    const doc = docFrom({ expressions: [dog], boxes: many }, scene.doc.image)
    const all = painted({ ...scene, doc, selection: many.map((box) => box.id) })
    expect(all.map((box) => box.emphasis)).toEqual(many.map(() => 'selected'))
  })

  it('stands out when hovered or when it answers the chosen expression', () => {
    const both = painted({ ...scene, hovered: tiny.id, active: { kind: 'class', text: 'dog' } })
    expect(both.map((box) => box.emphasis)).toEqual(['active', 'hovered'])
  })

  it('leaves out what is hidden, and holds back what is locked', () => {
    const hidden = { ...NO_GUARDS, hiddenTexts: new Set(['cat']) }
    expect(painted({ ...scene, guards: hidden }).map((box) => box.label)).toEqual(['dog · cat'])
    const locked = { ...NO_GUARDS, lockedBoxes: new Set([near.id]) }
    expect(painted({ ...scene, guards: locked })[0]?.emphasis).toBe('locked')
  })

  it('has no names when the person wants to see the picture', () => {
    const bare = painted({ ...scene, view: { ...DEFAULT_VIEW, names: false } })
    expect(bare.map((box) => box.label)).toEqual(['', ''])
  })

  it('lies where the turned picture lies', () => {
    const turned = { ...scene, viewport: { scale: 2, x: 800, y: 0, turn: 1 as const } }
    expect(painted(turned)[0]?.rect).toEqual({ x: 580, y: 20, width: 200, height: 200 })
  })

  it('works out looks again when something of them changes, and not while one pans', () => {
    const cached = looksCache()
    const first = cached(scene, colours)
    const panned = { ...scene, viewport: { ...scene.viewport, x: 50 } }
    expect(cached(panned, colours)).toBe(first)
    const active = { kind: 'class', text: 'dog' } as const
    expect(cached({ ...scene, active }, colours).map((look) => look.emphasis)).toEqual([
      'active',
      'normal',
      'active',
    ])
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
