import { describe, expect, it } from 'vitest'
import type { KeyPress } from '../../app-shell/keys.ts'
import { press } from '../../app-shell/testing/press.ts'
import { keymapOf } from '../keymap/presets.ts'
import { contextOf } from '../testing/context.ts'
import { Driver } from '../testing/driver.ts'
import { ACTIONS, type ActionName, actionOfPress, isOffered, runAction } from './registry.ts'

const labels = [
  { name: 'dog', colour: '#111111' },
  { name: 'cat', colour: '#222222' },
]

/** One dog and one cat, the cat selected, in the select tool. */
function pets(): Driver {
  const driver = new Driver(undefined, { active: { kind: 'class', text: 'dog' } })
  driver.press([10, 10]).drag([60, 60]).release()
  driver.editor.setActive({ kind: 'class', text: 'cat' })
  driver.press([100, 100]).drag([150, 150]).release()
  driver.editor.setTool('select')
  return driver
}
const run = (driver: Driver, name: ActionName, digit = 0) =>
  runAction(name, contextOf(driver, { labels }), digit)
const pressed = (key: string, held: Partial<KeyPress> = {}, code = '') =>
  actionOfPress(press(key, code, held), false, keymapOf('refbox'))

describe('actions', () => {
  it('have names and keys of their own', () => {
    const keys = ACTIONS.flatMap((action) => action.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(ACTIONS.map((action) => action.name)).size).toBe(ACTIONS.length)
  })

  it('answer to the keys of their tool, digits and letters with modifiers included', () => {
    expect(pressed('r')?.action.name).toBe('drawTool')
    expect(pressed('3')).toMatchObject({ action: { name: 'choose' }, digit: 3 })
    expect(pressed('#', { shiftKey: true }, 'Digit3')).toMatchObject({
      action: { name: 'answerToo' },
      digit: 3,
    })
    expect(pressed(')', { shiftKey: true }, 'Digit0')?.action.name).toBe('actualSize')
    expect(pressed('Z', { ctrlKey: true, shiftKey: true })?.action.name).toBe('redo')
    expect(pressed('r', { ctrlKey: true })).toBeNull()
  })

  it('relabel what is selected, but only choose while drawing', () => {
    const driver = pets()
    run(driver, 'choose', 1)
    expect(driver.boxes.map((box) => box.at(-1))).toEqual(['dog', 'dog'])
    driver.editor.undo()
    driver.editor.setTool('draw')
    run(driver, 'choose', 1)
    expect(driver.boxes.map((box) => box.at(-1))).toEqual(['dog', 'cat'])
    expect(driver.editor.getState().active?.text).toBe('dog')
  })

  it('let a box answer a second expression', () => {
    const driver = pets()
    run(driver, 'answerToo', 1)
    expect(driver.boxes[1]?.slice(4)).toEqual(['cat', 'dog'])
  })

  it('delete, duplicate and nudge what is selected, inside the image', () => {
    const driver = pets()
    run(driver, 'duplicate')
    expect(driver.boxes.at(-1)).toEqual([110, 110, 50, 50, 'cat'])
    for (let n = 0; n < 3; n += 1) run(driver, 'nudgeFarLeft')
    run(driver, 'nudgeUp')
    expect(driver.boxes.at(-1)).toEqual([80, 109, 50, 50, 'cat'])
    run(driver, 'delete')
    expect(driver.boxes).toHaveLength(2)
  })

  it('state that the active expression is not in the image, and refuse it for one with boxes', () => {
    const driver = pets()
    driver.editor.setActive({ kind: 'phrase', text: 'a whale' })
    run(driver, 'negative')
    expect(driver.expressions).toEqual(['dog', 'cat', 'a whale'])
    run(driver, 'negative')
    expect(driver.expressions).toEqual(['dog', 'cat'])
    driver.editor.setActive({ kind: 'class', text: 'dog' })
    run(driver, 'negative')
    expect(driver.editor.getState().notice).toEqual({ code: 'hasBoxes', text: 'dog' })
  })

  it('go from box to box and let go past the last one, so that Tab can leave the canvas', () => {
    const driver = pets()
    driver.editor.select([])
    expect([run(driver, 'nextBox'), driver.selection]).toEqual([true, ['b_1']])
    expect([run(driver, 'nextBox'), driver.selection]).toEqual([true, ['b_2']])
    expect(run(driver, 'nextBox')).toBe(false)
  })

  it('give up one thing at a time with Escape', () => {
    const driver = pets()
    driver.press([500, 500]).drag([600, 600])
    run(driver, 'escape')
    expect([driver.gesture, driver.selection]).toEqual(['idle', ['b_2']])
    run(driver, 'escape')
    expect(driver.selection).toEqual([])
    driver.editor.setTool('draw')
    run(driver, 'escape')
    expect(driver.editor.getState().tool).toBe('select')
  })

  it('are not available when there is nowhere to go or nothing to do it with', () => {
    const driver = new Driver()
    expect([run(driver, 'delete'), run(driver, 'undo'), run(driver, 'previousImage')]).toEqual([
      false,
      false,
      false,
    ])
    const went: string[] = []
    const ways = { next: () => went.push('next'), doneAndNext: () => went.push('done') }
    runAction('nextImage', contextOf(driver, ways))
    runAction('doneAndNext', contextOf(driver, ways))
    expect(went).toEqual(['next', 'done'])
  })
})

describe('what a team does', () => {
  const team = ACTIONS.filter(({ group }) => group === 'team').map(({ name }) => name)
  const offered = (ways: Parameters<typeof contextOf>[1]) =>
    ACTIONS.filter((action) => action.group === 'team' && isOffered(action, contextOf(new Driver(), ways)))

  it('answers to keys of its own', () => {
    expect(pressed('D', { shiftKey: true })?.action.name).toBe('nextWanted')
    expect(pressed('R', { shiftKey: true })?.action.name).toBe('toggleReview')
    expect(pressed('Enter', { shiftKey: true })?.action.name).toBe('giveBack')
    expect(pressed('c')?.action.name).toBe('comment')
    expect(pressed('C', { shiftKey: true })?.action.name).toBe('toggleComments')
    expect(pressed('Z', { shiftKey: true })?.action.name).toBe('toggleHistory')
  })

  it('is offered to those who may, and deaf for others', () => {
    const driver = new Driver()
    expect(offered({})).toEqual([])
    expect(team.map((name) => run(driver, name))).toEqual(team.map(() => false))
    const went: string[] = []
    const ways = { toggleReview: () => went.push('review'), giveBack: () => went.push('back') }
    expect(offered(ways).map(({ name }) => name)).toEqual(['toggleReview', 'giveBack'])
    for (const name of team) runAction(name, contextOf(driver, ways))
    expect(went).toEqual(['review', 'back'])
  })
})

describe('several boxes', () => {
  it('are resized by the keyboard, each by its own right and lower edge', () => {
    const driver = pets()
    driver.editor.select(['b_1', 'b_2'] as never)
    for (const name of ['muchWider', 'taller', 'narrower'] as const) run(driver, name)
    expect(driver.boxes.map((box) => box.slice(0, 4))).toEqual([
      [10, 10, 59, 51],
      [100, 100, 59, 51],
    ])
    expect(driver.editor.getState().history.undo.at(-1)?.step).toBe('resize')
  })

  it('move and grow as one sees it when the view is turned', () => {
    const driver = pets()
    run(driver, 'turnRight')
    run(driver, 'nudgeRight')
    run(driver, 'taller')
    // To the right on the screen is up on the picture; its right edge is the lower one on the screen.
    expect(driver.boxes[1]?.slice(0, 4)).toEqual([100, 99, 51, 50])
  })

  it('with the same expression are selected together', () => {
    const driver = pets()
    driver.editor.setTool('draw')
    driver.press([300, 300]).drag([350, 350]).release()
    run(driver, 'selectSame')
    expect(driver.selection).toEqual(['b_2', 'b_3'])
  })

  it('get another expression by typing', () => {
    const driver = pets()
    run(driver, 'relabel')
    expect(driver.editor.getState().relabelling).toBe(true)
    run(driver, 'escape')
    expect([driver.editor.getState().relabelling, driver.selection]).toEqual([false, ['b_2']])
  })

  it('that overlap are gone through by a key', () => {
    const driver = pets()
    driver.editor.setTool('draw')
    driver.press([90, 90]).drag([200, 200]).release()
    run(driver, 'nextOverlap')
    expect(driver.selection).toEqual(['b_2'])
    run(driver, 'nextOverlap')
    expect(driver.selection).toEqual(['b_3'])
  })
})

describe('a box by keyboard', () => {
  it('appears in the middle of what is in sight and is selected', () => {
    const driver = pets()
    run(driver, 'newBox')
    expect(driver.boxes.at(-1)).toEqual([400, 320, 200, 160, 'cat'])
    expect(driver.selection).toEqual(['b_3'])
  })

  it('asks for its name when no expression is chosen', () => {
    const driver = new Driver()
    run(driver, 'newBox')
    expect(driver.editor.getState().unnamed).toEqual({ x: 400, y: 320, width: 200, height: 160 })
  })
})

describe('the view', () => {
  const viewport = (driver: Driver) => driver.editor.getState().viewport

  it('turns in quarters and shows the whole picture again when it did before', () => {
    const driver = pets()
    run(driver, 'fit')
    for (let quarter = 0; quarter < 4; quarter += 1) {
      expect(viewport(driver).turn).toBe(quarter)
      run(driver, 'turnRight')
    }
    run(driver, 'turnLeft')
    expect(viewport(driver)).toMatchObject({ turn: 3, scale: (800 - 48) / 1000 })
  })

  it('goes to the selection', () => {
    const driver = pets()
    run(driver, 'zoomSelection')
    expect(viewport(driver)).toEqual({ scale: 8, x: 500 - 125 * 8, y: 400 - 125 * 8, turn: 0 })
  })

  it('is switched and lit without touching the document', () => {
    const driver = pets()
    for (const name of ['rulers', 'minimap', 'brighter', 'brighter', 'lessContrast'] as const)
      run(driver, name)
    expect(driver.editor.getState().view).toMatchObject({
      rulers: true,
      minimap: false,
      brightness: 1.2,
      contrast: 0.9,
    })
    run(driver, 'resetLevels')
    expect(driver.editor.getState().view).toMatchObject({ brightness: 1, contrast: 1 })
  })
})

describe('what is locked or hidden', () => {
  it('is not changed, and says so', () => {
    const driver = pets()
    const sent = driver.sent.length
    run(driver, 'lock')
    for (const name of ['delete', 'nudgeLeft', 'wider', 'duplicate', 'cut'] as const) run(driver, name)
    expect(driver.sent).toHaveLength(sent)
    expect(driver.editor.getState().notice).toEqual({ code: 'locked' })
    run(driver, 'unlockAll')
    run(driver, 'delete')
    expect(driver.boxes).toHaveLength(1)
  })

  it('is passed by when all are selected', () => {
    const driver = pets()
    run(driver, 'hide')
    run(driver, 'selectAll')
    expect(driver.selection).toEqual(['b_1'])
    run(driver, 'hideAll')
    run(driver, 'selectAll')
    expect(driver.selection).toEqual(['b_1', 'b_2'])
  })

  it('may be all boxes of the chosen expression', () => {
    const driver = pets()
    expect(driver.selection).toEqual(['b_2'])
    run(driver, 'hideExpression')
    expect(driver.selection).toEqual([])
    expect(driver.click([125, 125]).selection).toEqual([])
    run(driver, 'hideExpression')
    expect(driver.click([125, 125]).selection).toEqual(['b_2'])
  })
})

describe('drafts', () => {
  it('are phrases without a box: typed ones, and those whose last box went', () => {
    const driver = pets()
    driver.editor.addDraft({ kind: 'phrase', text: 'the left one' })
    expect([driver.editor.getState().drafts.length, driver.expressions.length]).toEqual([1, 2])
    driver.editor.setTool('draw')
    driver.press([300, 300]).drag([400, 400]).release()
    expect([driver.editor.getState().drafts, driver.expressions.at(-1)]).toEqual([[], 'the left one'])
    run(driver, 'delete')
    expect(driver.editor.getState().drafts).toEqual([{ kind: 'phrase', text: 'the left one' }])
    expect(driver.expressions).toEqual(['dog', 'cat'])
  })
})
