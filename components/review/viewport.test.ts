import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { panned, transformOf, type Viewport, WHOLE, zoomed } from './viewport.ts'

const IMAGE = { width: 1920, height: 1080 }
const PANE = { width: 400, height: 300 }

describe('the view that the three panes share', () => {
  it('begins with the whole picture in the middle of each pane', () => {
    const { scale, x, y } = transformOf(WHOLE, IMAGE, PANE)
    expect(IMAGE.width * scale).toBeCloseTo(384)
    expect(x).toBeCloseTo(8)
    expect(y).toBeCloseTo((300 - IMAGE.height * scale) / 2)
  })

  it('keeps the point under the pointer while zooming in', () => {
    const at = fc.record({
      x: fc.double({ min: 100, max: 300, noNaN: true }),
      y: fc.double({ min: 120, max: 180, noNaN: true }),
    })
    fc.assert(
      fc.property(at, fc.double({ min: 1.01, max: 8, noNaN: true }), (pointer, factor) => {
        const before = transformOf(WHOLE, IMAGE, PANE)
        const after = transformOf(zoomed(WHOLE, factor, pointer, IMAGE, PANE), IMAGE, PANE)
        const point = { x: (pointer.x - before.x) / before.scale, y: (pointer.y - before.y) / before.scale }
        expect(point.x * after.scale + after.x).toBeCloseTo(pointer.x, 6)
        expect(point.y * after.scale + after.y).toBeCloseTo(pointer.y, 6)
      }),
    )
  })

  it('comes back to the whole picture when zoomed out, wherever it was moved', () => {
    const moved = panned(zoomed(WHOLE, 4, { x: 10, y: 10 }, IMAGE, PANE), { x: 500, y: -80 }, IMAGE, PANE)
    expect(zoomed(moved, 0.001, { x: 77, y: 5 }, IMAGE, PANE)).toEqual(WHOLE)
  })

  it('moves with the pointer, and never so far that the picture is lost', () => {
    const close: Viewport = { zoom: 3, centre: { x: 0.5, y: 0.5 } }
    const before = transformOf(close, IMAGE, PANE)
    const after = transformOf(panned(close, { x: 12, y: -7 }, IMAGE, PANE), IMAGE, PANE)
    expect(after.x - before.x).toBeCloseTo(12)
    expect(after.y - before.y).toBeCloseTo(-7)
    expect(panned(close, { x: 1e6, y: -1e6 }, IMAGE, PANE).centre).toEqual({ x: 0, y: 1 })
  })
})
