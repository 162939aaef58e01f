import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { docFrom } from '../document/doc.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { boxesAt, boxesWithin, handleAt } from './hit-test.ts'
import { imagePoint, screenPoint } from './points.ts'
import {
  HANDLES,
  moveRects,
  rectBetween,
  resizeRect,
  resizeRects,
  smallestSize,
  survivesRounding,
} from './rects.ts'
import { tickStep, ticks } from './ticks.ts'
import { type Turn, turnBy } from './turn.ts'
import {
  fitImage,
  keepInSight,
  onScreen,
  pinch,
  rectToScreen,
  reveal,
  toImage,
  toScreen,
  turnView,
  zoomAt,
} from './viewport.ts'

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const size = fc.record({
  width: fc.integer({ min: 1, max: 9000 }),
  height: fc.integer({ min: 1, max: 9000 }),
})
const viewport = fc.record({
  scale: finite(0.01, 64),
  x: finite(-5000, 5000),
  y: finite(-5000, 5000),
  turn: fc.constantFrom<Turn>(0, 1, 2, 3),
})
/** An image and a rectangle inside it. */
const placed = size.chain((image) =>
  fc
    .tuple(finite(0, image.width), finite(0, image.width), finite(0, image.height), finite(0, image.height))
    .map(([x1, x2, y1, y2]) => ({ image, rect: rectBetween(imagePoint(x1, y1), imagePoint(x2, y2), image) })),
)
const isInside = (
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  image: { width: number; height: number },
) =>
  x >= 0 &&
  y >= 0 &&
  width >= 0 &&
  height >= 0 &&
  x + width <= image.width + 1e-6 &&
  y + height <= image.height + 1e-6

describe('the viewport', () => {
  it('goes from image to screen and back', () => {
    fc.assert(
      fc.property(viewport, finite(-9000, 9000), finite(-9000, 9000), (view, x, y) => {
        const [backX, backY] = toImage(view, toScreen(view, imagePoint(x, y)))
        expect(backX).toBeCloseTo(x, 4)
        expect(backY).toBeCloseTo(y, 4)
      }),
    )
  })

  it('places thousands of rectangles as it places one', () => {
    fc.assert(
      fc.property(viewport, placed, (view, { rect }) => {
        const [fast, slow] = [onScreen(view)(rect), rectToScreen(view, rect)]
        for (const side of ['x', 'y', 'width', 'height'] as const)
          expect(fast[side]).toBeCloseTo(slow[side], 6)
      }),
    )
  })

  it('keeps the point under the pointer when zooming', () => {
    fc.assert(
      fc.property(viewport, finite(0, 1000), finite(0, 1000), finite(0.2, 5), (view, x, y, factor) => {
        const at = screenPoint(x, y)
        const before = toImage(view, at)
        const after = toScreen(zoomAt(view, at, factor), before)
        expect(after[0]).toBeCloseTo(x, 4)
        expect(after[1]).toBeCloseTo(y, 4)
      }),
    )
  })

  it('shows the whole image when fitted and never loses it out of sight', () => {
    const area = { width: 800, height: 600 }
    const view = fitImage({ width: 4000, height: 1000 }, area)
    expect(view.scale).toBeCloseTo((800 - 48) / 4000)
    expect(toScreen(view, imagePoint(2000, 500))).toEqual([400, 300])
    const lost = keepInSight({ ...view, x: 1e6, y: -1e6 }, { width: 4000, height: 1000 }, area)
    expect(lost.x).toBe(800 - 48)
    expect(lost.y).toBeCloseTo(48 - 1000 * view.scale)
  })

  it('turns around the middle and is back after four quarters', () => {
    const area = { width: 800, height: 600 }
    fc.assert(
      fc.property(viewport, (view) => {
        let now = view
        const middle = toImage(view, screenPoint(400, 300))
        for (let quarter = 1; quarter <= 4; quarter += 1) {
          now = turnView(now, area, turnBy(now.turn, 1))
          const [x, y] = toImage(now, screenPoint(400, 300))
          expect(x).toBeCloseTo(middle[0], 3)
          expect(y).toBeCloseTo(middle[1], 3)
        }
        expect(now.turn).toBe(view.turn)
        expect(now.x).toBeCloseTo(view.x, 3)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps what is between two fingers between them', () => {
    fc.assert(
      fc.property(viewport, finite(50, 400), finite(50, 400), (view, spread, along) => {
        const before = [screenPoint(300, 200), screenPoint(300 + spread, 200)] as const
        const after = [screenPoint(100, 100), screenPoint(100, 100 + along)] as const
        const under = toImage(view, screenPoint(300 + spread / 2, 200))
        const next = pinch(view, before, after)
        const [x, y] = toScreen(next, under)
        expect(x).toBeCloseTo(100, 3)
        expect(y).toBeCloseTo(100 + along / 2, 3)
      }),
      { numRuns: 50 },
    )
  })

  it('shows a turned picture whole', () => {
    const view = fitImage({ width: 4000, height: 1000 }, { width: 800, height: 600 }, { turn: 1 })
    expect(view.scale).toBeCloseTo((600 - 48) / 4000)
    expect(toScreen(view, imagePoint(2000, 500))).toEqual([400, 300])
  })

  it('pans only as far as needed to reveal a box', () => {
    const area = { width: 800, height: 600 }
    const still = { scale: 1, x: 0, y: 0, turn: 0 } as const
    expect(reveal(still, { x: 100, y: 100, width: 50, height: 50 }, area)).toBe(still)
    expect(reveal(still, { x: 900, y: 100, width: 50, height: 50 }, area)).toEqual({
      scale: 1,
      x: -174,
      y: 0,
      turn: 0,
    })
  })
})

describe('rectangles', () => {
  it('stay inside the image however they are moved', () => {
    fc.assert(
      fc.property(placed, finite(-1e4, 1e4), finite(-1e4, 1e4), ({ image, rect }, dx, dy) => {
        const [moved] = moveRects([rect], dx, dy, image)
        expect(moved && isInside(moved, image)).toBe(true)
        expect(moved?.width).toBe(rect.width)
      }),
    )
  })

  it('stay inside the image however they are resized', () => {
    fc.assert(
      fc.property(
        placed,
        fc.constantFrom(...HANDLES),
        finite(-1e4, 1e4),
        finite(-1e4, 1e4),
        fc.boolean(),
        ({ image, rect }, handle, dx, dy, keepAspect) => {
          fc.pre(rect.width > 1 && rect.height > 1)
          expect(isInside(resizeRect(rect, { handle, dx, dy, keepAspect }, image), image)).toBe(true)
        },
      ),
    )
  })

  it('stay inside the image when several are resized by the frame around them', () => {
    fc.assert(
      fc.property(
        placed,
        fc.constantFrom(...HANDLES),
        finite(-1e4, 1e4),
        finite(-1e4, 1e4),
        fc.boolean(),
        ({ image, rect }, handle, dx, dy, keepAspect) => {
          fc.pre(rect.width > 4 && rect.height > 4)
          const half = { ...rect, width: rect.width / 2, height: rect.height / 2 }
          const resized = resizeRects([rect, half], { handle, dx, dy, keepAspect }, image)
          for (const each of resized) expect(isInside(each, image)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('of the smallest size survive rounding wherever they lie', () => {
    fc.assert(
      fc.property(size, finite(0, 1), finite(0, 1), (image, x, y) => {
        const { width, height } = smallestSize(image)
        const rect = { x: x * (image.width - width), y: y * (image.height - height), width, height }
        expect(survivesRounding(rect, image)).toBe(true)
      }),
    )
  })
})

describe('hits', () => {
  const label = anExpression()
  const boxes = Array.from({ length: 60 }, (_, n) =>
    aBox([label], {
      x: (n * 37) % 800,
      y: (n * 53) % 700,
      width: 40 + (n % 7) * 20,
      height: 30 + (n % 5) * 25,
    }),
  )
  const doc = docFrom({ expressions: [label], boxes }, { width: 1000, height: 900 })

  it('agree with looking at every box', () => {
    fc.assert(
      fc.property(finite(0, 1000), finite(0, 900), (x, y) => {
        const slow = boxes.filter(
          (box) => x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height,
        )
        expect(boxesAt(doc, imagePoint(x, y)).toSorted()).toEqual(slow.map((box) => box.id).toSorted())
      }),
    )
  })

  it('of a marquee are the boxes that lie completely in it', () => {
    expect(boxesWithin(doc, { x: 0, y: 0, width: 1000, height: 900 })).toHaveLength(boxes.length)
    const [first] = boxes
    expect(first && boxesWithin(doc, { ...first, width: first.width - 1 })).not.toContain(first?.id)
  })

  it('take corners before edges, and leave room to move a box that is tiny on the screen', () => {
    const rect = { x: 100, y: 100, width: 100, height: 100 }
    const view = { scale: 1, x: 0, y: 0, turn: 0 } as const
    expect(handleAt(rect, view, screenPoint(203, 198))).toBe('se')
    expect(handleAt(rect, view, screenPoint(150, 97))).toBe('n')
    expect(handleAt(rect, view, screenPoint(150, 150))).toBeNull()
    expect(handleAt(rect, { scale: 0.1, x: 0, y: 0, turn: 0 }, screenPoint(15, 15))).toBeNull()
    expect(handleAt(rect, { scale: 0.1, x: 0, y: 0, turn: 0 }, screenPoint(24, 24))).toBe('se')
  })
})

describe('rulers', () => {
  it('have round numbers that do not touch', () => {
    fc.assert(
      fc.property(finite(0.01, 64), (scale) => {
        const step = tickStep(scale)
        expect([1, 2, 5]).toContain(Number(String(step)[0]))
        expect(step === 1 || step * scale >= 63.9).toBe(true)
      }),
      { numRuns: 50 },
    )
    expect(ticks(-30, 260, 100)).toEqual([0, 100, 200])
    expect(ticks(260, 100, 100)).toEqual([100, 200])
    expect(ticks(110, 190, 100)).toEqual([])
  })
})
