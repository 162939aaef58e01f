import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toDocument } from '../document/doc.ts'
import type { Entry } from '../document/edit.ts'
import { NO_GUARDS } from '../document/guards.ts'
import { Driver } from '../testing/driver.ts'

const dog: Entry = { kind: 'class', text: 'dog' }
const drawing = (active: Entry | null = dog) => new Driver(undefined, { active })

/** A driver with the given boxes, all dogs, in the select tool. */
function withBoxes(...rects: [x: number, y: number, width: number, height: number][]): Driver {
  const driver = drawing()
  driver.editor.setTool('draw')
  for (const [x, y, width, height] of rects)
    driver
      .press([x, y])
      .drag([x + width, y + height])
      .release()
  driver.editor.setTool('select')
  driver.editor.select([])
  return driver
}

describe('drawing', () => {
  it.each<[string, [number, number], [number, number]]>([
    ['to the right and down', [10, 20], [50, 60]],
    ['to the left and up', [50, 60], [10, 20]],
    ['to the right and up', [10, 60], [50, 20]],
  ])('makes the same box %s', (_, from, to) => {
    expect(drawing().press(from).drag([30, 30], to).release().boxes).toEqual([[10, 20, 40, 40, 'dog']])
  })

  it('stops at the border of the image', () => {
    expect(drawing().press([900, 700]).drag([1500, 900]).release().boxes).toEqual([
      [900, 700, 100, 100, 'dog'],
    ])
    expect(drawing().press([-50, -50]).drag([20, 30]).release().boxes).toEqual([[0, 0, 20, 30, 'dog']])
  })

  it('selects the new box and keeps its label for the next one', () => {
    const driver = drawing()
      .press([10, 20])
      .drag([50, 60])
      .release()
      .press([100, 100])
      .drag([200, 200])
      .release()
    expect(driver.boxes.map((box) => box.at(-1))).toEqual(['dog', 'dog'])
    expect(driver.expressions).toEqual(['dog'])
    expect(driver.selection).toEqual(['b_2'])
  })

  it('is one step of undo, expression included', () => {
    const driver = drawing().press([10, 20]).drag([30, 40], [50, 60]).release()
    driver.editor.undo()
    expect([driver.boxes, driver.expressions]).toEqual([[], []])
    driver.editor.redo()
    expect(driver.boxes).toEqual([[10, 20, 40, 40, 'dog']])
  })

  it('makes a square with Shift', () => {
    const driver = drawing().press([100, 100], { shift: true }).drag([160, 300]).release()
    expect(driver.boxes).toEqual([[100, 100, 60, 60, 'dog']])
  })

  it('refuses a box that would vanish in rounding, with a hint of the smallest size', () => {
    const driver = drawing().press([10, 20]).drag([10.2, 60]).release()
    expect(driver.boxes).toEqual([])
    expect(driver.editor.getState().notice).toEqual({ code: 'tooSmall', smallest: { width: 2, height: 1.6 } })
  })

  it('asks for a name when there is no active expression', () => {
    const driver = drawing(null).press([10, 20]).drag([50, 60]).release()
    expect(driver.boxes).toEqual([])
    expect(driver.editor.getState().unnamed).toEqual({ x: 10, y: 20, width: 40, height: 40 })
  })

  it('leaves nothing behind after Escape', () => {
    const driver = drawing().press([10, 20]).drag([50, 60]).escape().release()
    expect([driver.boxes, driver.sent, driver.gesture]).toEqual([[], [], 'idle'])
  })

  it('selects what is under a click without a drag', () => {
    const driver = withBoxes([10, 10, 50, 50])
    driver.editor.setTool('draw')
    expect(driver.click([30, 30]).selection).toEqual(['b_1'])
    expect(driver.boxes).toHaveLength(1)
  })
})

describe('selecting', () => {
  it('takes the smallest box first and goes through the others with every further click', () => {
    const driver = withBoxes([0, 0, 300, 300], [50, 50, 100, 100])
    expect(driver.click([100, 100]).selection).toEqual(['b_2'])
    expect(driver.click([100, 100]).selection).toEqual(['b_1'])
    expect(driver.click([100, 100]).selection).toEqual(['b_2'])
    expect(driver.click([500, 500]).selection).toEqual([])
  })

  it('adds and removes with Shift', () => {
    const driver = withBoxes([0, 0, 50, 50], [100, 0, 50, 50])
    driver.click([20, 20]).click([120, 20], { additive: true })
    expect(driver.selection).toEqual(['b_1', 'b_2'])
    expect(driver.click([20, 20], { additive: true }).selection).toEqual(['b_2'])
  })

  it('takes all boxes that lie inside a marquee', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 10, 50, 50], [400, 400, 50, 50])
    expect(driver.press([0, 200]).drag([200, 0]).release().selection).toEqual(['b_1', 'b_2'])
  })

  it('adds a marquee to the selection, also from on top of a box', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 10, 50, 50], [5, 5, 300, 300]).click([120, 30])
    driver.press([8, 8], { additive: true }).drag([70, 70]).release()
    expect(driver.selection).toEqual(['b_2', 'b_1'])
  })

  it('goes deeper with Alt, from several selected boxes and while drawing too', () => {
    const driver = withBoxes([0, 0, 300, 300], [50, 50, 100, 100], [60, 60, 50, 50])
    driver.editor.select(['b_1', 'b_3'] as never)
    expect(driver.click([80, 80], { alt: true }).selection).toEqual(['b_2'])
    driver.editor.setTool('draw')
    expect(driver.click([80, 80], { alt: true }).selection).toEqual(['b_1'])
    expect(driver.boxes).toHaveLength(3)
  })

  it('passes through what is locked or hidden', () => {
    const driver = withBoxes([0, 0, 300, 300], [50, 50, 100, 100])
    driver.editor.setGuards({ ...NO_GUARDS, lockedBoxes: new Set(['b_2']) as never })
    expect(driver.click([80, 80]).selection).toEqual(['b_1'])
    driver.editor.setGuards({ ...NO_GUARDS, hiddenTexts: new Set(['dog']) })
    expect(driver.click([80, 80]).selection).toEqual([])
    expect(driver.press([500, 500]).drag([0, 0]).release().selection).toEqual([])
  })

  it('is as before when a marquee is given up', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 10, 50, 50]).click([120, 30])
    expect(driver.press([0, 200]).drag([70, 0]).escape().selection).toEqual(['b_2'])
  })

  it('does not clear what can be redone', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 10, 50, 50])
    driver.editor.undo()
    driver.click([30, 30])
    driver.editor.redo()
    expect(driver.boxes).toHaveLength(2)
  })
})

describe('moving', () => {
  it('is computed from the press, not from the last move', () => {
    const driver = withBoxes([10, 10, 50, 50])
    driver.press([30, 30]).drag([500, 500], [35, 36]).release()
    expect(driver.boxes).toEqual([[15, 16, 50, 50, 'dog']])
  })

  it('shows a preview and commits once, on release', () => {
    const driver = withBoxes([10, 10, 50, 50])
    const before = driver.sent.length
    driver.press([30, 30]).drag([40, 40], [50, 50])
    expect(driver.editor.getState().preview).toHaveLength(1)
    expect(driver.sent).toHaveLength(before)
    driver.release()
    expect(driver.sent).toHaveLength(before + 1)
  })

  it('keeps several boxes in their arrangement at the border', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 100, 50, 50])
    driver.editor.select(['b_1', 'b_2'] as never)
    driver.press([30, 30]).drag([-500, 30]).release()
    expect(driver.boxes.map(([x, y]) => [x, y])).toEqual([
      [0, 10],
      [90, 100],
    ])
  })

  it('takes hold of a box that was not selected', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 100, 50, 50]).click([120, 120])
    driver.press([30, 30]).drag([40, 30]).release()
    expect(driver.boxes.map(([x]) => x)).toEqual([20, 100])
    expect(driver.selection).toEqual(['b_1'])
  })

  it('leaves locked boxes of the selection where they are', () => {
    const driver = withBoxes([10, 10, 50, 50], [100, 100, 50, 50])
    driver.editor.setGuards({ ...NO_GUARDS, lockedBoxes: new Set(['b_2']) as never })
    driver.editor.select(['b_1', 'b_2'] as never)
    driver.press([30, 30]).drag([60, 30]).release()
    expect(driver.boxes.map(([x]) => x)).toEqual([40, 100])
  })

  it('makes no step when the box comes back to where it was', () => {
    const driver = withBoxes([10, 10, 50, 50])
    const steps = driver.editor.getState().history.undo.length
    driver.press([30, 30]).drag([90, 90], [30, 30]).release()
    expect(driver.editor.getState().history.undo).toHaveLength(steps)
  })
})

describe('resizing', () => {
  it.each<[string, [number, number], [number, number], number[]]>([
    ['the south-east corner', [200, 200], [250, 260], [100, 100, 150, 160]],
    ['the north-west corner', [100, 100], [80, 90], [80, 90, 120, 110]],
    ['the east edge', [200, 150], [230, 500], [100, 100, 130, 100]],
    ['the north edge', [150, 100], [700, 120], [100, 120, 100, 80]],
    ['a corner across the opposite one', [200, 200], [50, 60], [50, 60, 50, 40]],
    ['beyond the border', [200, 200], [5000, 5000], [100, 100, 900, 700]],
  ])('drags %s', (_, from, to, expected) => {
    const driver = withBoxes([100, 100, 100, 100]).click([150, 150])
    driver.press(from).drag(to).release()
    expect(driver.boxes).toEqual([[...expected, 'dog']])
  })

  it('keeps the aspect with Shift', () => {
    const driver = withBoxes([100, 100, 200, 100]).click([150, 150])
    driver.press([300, 200], { shift: true }).drag([400, 400]).release()
    expect(driver.boxes).toEqual([[100, 100, 300, 150, 'dog']])
  })

  it('refuses to make a box smaller than what survives rounding', () => {
    const driver = withBoxes([100, 100, 100, 100]).click([150, 150])
    driver.press([200, 150]).drag([100.1, 150]).release()
    expect(driver.boxes).toEqual([[100, 100, 100, 100, 'dog']])
    expect(driver.editor.getState().notice?.code).toBe('tooSmall')
  })
})

describe('resizing several boxes', () => {
  const both = () => {
    const driver = withBoxes([100, 100, 100, 100], [300, 200, 100, 200])
    driver.editor.select(['b_1', 'b_2'] as never)
    return driver
  }

  it('keeps their places within the frame around them', () => {
    const driver = both().press([400, 400]).drag([550, 700]).release()
    expect(driver.boxes.map((box) => box.slice(0, 4))).toEqual([
      [100, 100, 150, 200],
      [400, 300, 150, 400],
    ])
    driver.editor.undo()
    expect(driver.boxes[1]?.slice(0, 4)).toEqual([300, 200, 100, 200])
  })

  it('turns them over when the handle crosses the opposite corner', () => {
    const driver = both().press([400, 250], {}).drag([10, 250]).release()
    expect(driver.boxes.map(([x, , width]) => [x, width])).toEqual([
      [70, 30],
      [10, 30],
    ])
  })

  it('keeps the aspect of the frame with Shift, also at an edge', () => {
    const corner = both().press([400, 400], { shift: true }).drag([550, 900]).release()
    expect(corner.boxes.map((box) => box.slice(0, 4))).toEqual([
      [100, 100, 150, 150],
      [400, 250, 150, 300],
    ])
    const edge = both().press([400, 250], { shift: true }).drag([550, 250]).release()
    expect(edge.boxes.map((box) => box.slice(0, 4))).toEqual([
      [100, 25, 150, 150],
      [400, 175, 150, 300],
    ])
  })

  it('is refused as a whole when one of them would vanish', () => {
    const driver = both().press([400, 250]).drag([101, 250]).release()
    expect(driver.boxes.map(([x]) => x)).toEqual([100, 300])
    expect(driver.editor.getState().notice?.code).toBe('tooSmall')
  })

  it('is not offered while one of them is locked', () => {
    const driver = both()
    driver.editor.setGuards({ ...NO_GUARDS, lockedBoxes: new Set(['b_2']) as never })
    driver.press([400, 400]).drag([550, 700])
    expect(driver.gesture).toBe('selecting')
  })
})

describe('snapping', () => {
  it('lines a moved box up with the edge of another one, and shows where', () => {
    const driver = withBoxes([100, 100, 50, 50], [300, 300, 60, 60])
    driver.press([120, 120]).drag([317, 120])
    expect(driver.editor.getState().guides).toEqual([{ axis: 'x', at: 300, from: 100, to: 360 }])
    driver.release()
    expect(driver.boxes[0]?.slice(0, 2)).toEqual([300, 100])
    expect(driver.editor.getState().guides).toEqual([])
  })

  it('takes the border of the image for an edge', () => {
    const driver = withBoxes([100, 100, 50, 50])
    driver.press([120, 120]).drag([24, 120]).release()
    expect(driver.boxes[0]?.[0]).toBe(0)
  })

  it('lines up the dragged edge only', () => {
    const driver = withBoxes([100, 100, 50, 50], [300, 300, 60, 60]).click([120, 120])
    driver.press([150, 120]).drag([297, 120]).release()
    expect(driver.boxes[0]?.slice(0, 4)).toEqual([100, 100, 200, 50])
  })

  it('lines up both corners of a drawn box', () => {
    const driver = withBoxes([100, 100, 50, 50])
    driver.editor.setTool('draw')
    driver.press([153, 97]).drag([300, 152]).release()
    expect(driver.boxes[1]?.slice(0, 4)).toEqual([150, 100, 150, 50])
  })

  it('is suspended by Alt and switched off in the view', () => {
    const driver = withBoxes([100, 100, 50, 50], [300, 300, 60, 60])
    driver.press([120, 120], { alt: true }).drag([317, 120]).release()
    expect(driver.boxes[0]?.[0]).toBe(297)
    driver.editor.setView({ snapping: false })
    driver.press([320, 120]).drag([321, 120], [324, 120]).release()
    expect(driver.boxes[0]?.[0]).toBe(301)
  })

  it('reaches less far on the image the closer one looks', () => {
    const driver = withBoxes([100, 100, 50, 50], [300, 300, 60, 60])
    driver.editor.setViewport({ scale: 4, x: 0, y: 0, turn: 0 })
    driver.press([120, 120]).drag([317, 120]).release()
    expect(driver.boxes[0]?.[0]).toBe(297)
  })

  it('does not line up with what is hidden', () => {
    const driver = withBoxes([100, 100, 50, 50], [300, 300, 60, 60])
    driver.editor.setGuards({ ...NO_GUARDS, hiddenBoxes: new Set(['b_2']) as never })
    driver.press([120, 120]).drag([317, 120]).release()
    expect(driver.boxes[0]?.[0]).toBe(297)
  })
})

describe('a turned view', () => {
  it('draws, moves and resizes what one sees', () => {
    const driver = drawing()
    driver.editor.setViewport({ scale: 1, x: 800, y: 0, turn: 1 })
    driver.press([10, 20]).drag([50, 60]).release()
    driver.editor.setTool('select')
    driver.press([30, 40]).drag([130, 140]).release()
    expect(driver.boxes).toEqual([[110, 120, 40, 40, 'dog']])
    driver.press([150, 160]).drag([200, 190]).release()
    expect(driver.boxes).toEqual([[110, 120, 90, 70, 'dog']])
  })
})

describe('panning', () => {
  it('moves the viewport by the way of the pointer on the screen, whatever the tool', () => {
    const driver = drawing().press([100, 100], { pan: true })
    driver.drag([130, 90])
    expect(driver.editor.getState().viewport).toEqual({ scale: 1, x: 30, y: -10, turn: 0 })
    expect(driver.boxes).toEqual([])
  })
})

describe('any sequence of gestures', () => {
  const point = fc.tuple(fc.integer({ min: -50, max: 1050 }), fc.integer({ min: -50, max: 850 }))
  const gesture = fc.record({
    tool: fc.constantFrom('draw' as const, 'select' as const),
    active: fc.constantFrom<Entry>(
      dog,
      { kind: 'class', text: 'cat' },
      { kind: 'phrase', text: 'the grey one' },
    ),
    from: point,
    over: point,
    to: point,
    shift: fc.boolean(),
    alt: fc.boolean(),
    end: fc.constantFrom('release', 'release', 'release', 'escape', 'undo', 'redo'),
  })

  it('is taken back completely by undo, and made again by redo', () => {
    fc.assert(
      fc.property(fc.array(gesture, { minLength: 1, maxLength: 25 }), (gestures) => {
        const driver = withBoxes([100, 100, 200, 200], [150, 150, 400, 300])
        const { editor } = driver
        const start = toDocument(editor.getState().doc)
        const steps = editor.getState().history.undo.length
        for (const { tool, active, from, over, to, shift, alt, end } of gestures) {
          editor.setTool(tool)
          editor.setActive(active)
          driver.press(from, { shift, additive: shift, alt }).drag(over, to)
          if (end === 'escape') driver.escape()
          driver.release()
          if (end === 'undo' && editor.getState().history.undo.length > steps) editor.undo()
          if (end === 'redo') editor.redo()
        }
        const finish = toDocument(editor.getState().doc)
        while (editor.getState().history.undo.length > steps) editor.undo()
        expect(toDocument(editor.getState().doc)).toEqual(start)
        while (editor.getState().history.redo.length > 0) editor.redo()
        // What had been undone on the way is made again too, so redo may end later than `finish`.
        if (gestures.every(({ end }) => end !== 'undo')) {
          expect(toDocument(editor.getState().doc)).toEqual(finish)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('sends the server exactly the changes that lead from the first document to the last', () => {
    fc.assert(
      fc.property(fc.array(gesture, { minLength: 1, maxLength: 15 }), (gestures) => {
        const driver = drawing()
        for (const { tool, active, from, over, to, shift, alt, end } of gestures) {
          driver.editor.setTool(tool)
          driver.editor.setActive(active)
          driver.press(from, { shift, additive: shift, alt }).drag(over, to).release()
          if (end === 'undo') driver.editor.undo()
        }
        const records = new Map<string, unknown>()
        for (const { id, before, after } of driver.sent) {
          expect(records.get(id) ?? null).toEqual(before)
          if (after) records.set(id, after)
          else records.delete(id)
        }
        const { expressions, boxes } = toDocument(driver.editor.getState().doc)
        expect(records).toEqual(
          new Map([...expressions, ...boxes].map((entry) => [entry.id as string, entry])),
        )
      }),
    )
  })
})
