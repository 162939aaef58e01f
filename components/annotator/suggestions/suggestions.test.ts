import { describe, expect, it } from 'vitest'
import { Attribute } from '../../../server/contracts/attribute.ts'
import { AttributeId, type BoxId } from '../../../server/contracts/ids.ts'
import type { Finder } from '../actions/action.ts'
import { type ActionName, runAction } from '../actions/registry.ts'
import { announcementOf } from '../editor/announcement.ts'
import type { Rect } from '../geometry/rects.ts'
import { contextOf } from '../testing/context.ts'
import { Driver } from '../testing/driver.ts'
import { aBox, anExpression } from '../testing/records.ts'
import { withFound, withServer } from './merge.ts'
import { openOnes, type Suggested, standings } from './suggestion.ts'

const MODEL = { key: 'tuned:r_1', name: 'Valves', runId: 'r_1' }
const PLACE = { x: 200, y: 100, width: 100, height: 80 }

let made = 0
function suggested(given: Partial<Suggested> = {}): Suggested {
  made += 1
  return {
    ...{ id: `s_${made}`, boxId: `b_s${made}` as BoxId, entry: { kind: 'class', text: 'dog' }, rect: PLACE },
    ...{ score: 0.5, model: MODEL, source: 'browser', rejected: false },
    ...given,
  }
}

const moved = (dx: number): Rect => ({ ...PLACE, x: PLACE.x + dx })

/** An image with one dog at the left, and what a model proposes. */
function open(...suggestions: Suggested[]) {
  const dog = anExpression({ text: 'dog' })
  const box = aBox([dog], { x: 10, y: 20 })
  const driver = new Driver({ expressions: [dog], boxes: [box] })
  driver.editor.setSuggestions(suggestions)
  return { driver, editor: driver.editor, box }
}
const run = (driver: Driver, name: ActionName, context = {}) => runAction(name, contextOf(driver, context))
const openIds = ({ editor }: Driver) => openOnes(editor.getState()).map(({ id }) => id)
const focused = ({ editor }: Driver) => editor.getState().focusedSuggestion

describe('a suggestion', () => {
  it('is neither part of the document nor sent', () => {
    const { driver } = open(suggested())
    expect(driver.boxes).toEqual([[10, 20, 100, 80, 'dog']])
    expect(driver.sent).toEqual([])
    expect(driver.editor.getState().history.undo).toEqual([])
  })

  it('is not offered where a box of the same expression lies already', () => {
    const same = suggested({ rect: { x: 10, y: 20, width: 100, height: 82 } })
    const other = suggested({ rect: same.rect, entry: { kind: 'phrase', text: 'the dog' } })
    const { driver, editor } = open(
      same,
      other,
      suggested({ rect: { x: 10, y: 20, width: 100, height: 120 } }),
    )
    const { doc, suggestions } = editor.getState()
    expect([...standings(doc, suggestions).values()]).toEqual(['there', 'open', 'open'])
    // 0.9 is where they begin to be the same.
    const all = standings(doc, [suggested({ rect: { x: 10, y: 20, width: 100, height: 72 } })])
    expect([...all.values()]).toEqual(['there'])
    expect(openIds(driver)).toHaveLength(2)
  })

  it('becomes a box of its own id and origin when it is accepted, in one step', () => {
    const one = suggested()
    const { driver, editor } = open(one)
    editor.focusSuggestion(one.id)
    run(driver, 'acceptSuggestion')
    const box = editor.getState().doc.boxes.get(one.boxId)
    expect(box).toMatchObject({ ...PLACE, origin: { by: 'model', model: 'Valves', runId: 'r_1' } })
    expect(driver.sent).toHaveLength(1)
    expect([driver.selection, openIds(driver)]).toEqual([[one.boxId], []])
    editor.undo()
    expect([driver.boxes.length, openIds(driver)]).toEqual([1, [one.id]])
    editor.redo()
    expect([driver.boxes.length, openIds(driver)]).toEqual([2, []])
  })

  it('answers the expression that is there, also one that was stated as absent', () => {
    const absent = anExpression({ text: 'cat' })
    const driver = new Driver({ expressions: [absent], boxes: [] })
    const one = suggested({ entry: { kind: 'class', text: 'cat' } })
    const two = suggested({ rect: moved(300), entry: { kind: 'phrase', text: 'the small cat' } })
    driver.editor.setSuggestions([one, two])
    run(driver, 'acceptAllSuggestions')
    expect(driver.expressions).toEqual(['cat', 'the small cat'])
    expect(driver.editor.getState().doc.boxes.get(one.boxId)?.expressionIds).toEqual([absent.id])
    driver.editor.undo()
    expect(driver.expressions).toEqual(['cat'])
    expect(openIds(driver)).toEqual([one.id, two.id])
  })

  it('gets what a new box of the project begins with', () => {
    const one = suggested()
    const { driver, editor } = open(one)
    const id = AttributeId.parse('at_1')
    editor.setAttributes([
      Attribute.parse({
        id,
        name: 'occluded',
        rule: { kind: 'checkbox', default: false, appliesTo: { to: 'all' } },
      }),
    ])
    run(driver, 'acceptAllSuggestions')
    expect(editor.getState().doc.boxes.get(one.boxId)?.attributes).toEqual({ occluded: false })
  })

  it('does not come back when the box that it became is deleted, unless that is undone', () => {
    const one = suggested()
    const { driver, editor } = open(one)
    run(driver, 'acceptAllSuggestions')
    editor.select([one.boxId])
    run(driver, 'delete')
    expect(openIds(driver)).toEqual([])
    editor.undo()
    expect(editor.getState().doc.boxes.has(one.boxId)).toBe(true)
  })

  it('leaves when it is rejected, without a step to undo, and can be brought back', () => {
    const [one, two] = [suggested(), suggested({ rect: moved(300) })]
    const { driver, editor } = open(one, two)
    editor.focusSuggestion(one.id)
    run(driver, 'rejectSuggestion')
    expect([openIds(driver), focused(driver)]).toEqual([[two.id], two.id])
    expect(driver.sent).toEqual([])
    run(driver, 'rejectAllSuggestions')
    expect(openIds(driver)).toEqual([])
  })

  it('cannot be judged by who may only look', () => {
    const driver = new Driver(undefined, { readOnly: true })
    driver.editor.setSuggestions([suggested()])
    for (const name of ['acceptSuggestion', 'rejectSuggestion', 'acceptAllSuggestions'] as const) {
      expect(run(driver, name)).toBe(false)
    }
    expect(openIds(driver)).toHaveLength(1)
  })
})

describe('going through suggestions', () => {
  it('shows first which one a key would judge', () => {
    const [one, two] = [suggested(), suggested({ rect: moved(300) })]
    const { driver } = open(one, two)
    run(driver, 'acceptSuggestion')
    expect([focused(driver), driver.sent.length]).toEqual([one.id, 0])
    run(driver, 'acceptSuggestion')
    expect([focused(driver), driver.sent.length]).toEqual([two.id, 1])
  })

  it('goes round by its own keys, and by Tab behind the boxes', () => {
    const [one, two] = [suggested(), suggested({ rect: moved(300) })]
    const { driver, box } = open(one, two)
    run(driver, 'nextSuggestion')
    run(driver, 'nextSuggestion')
    expect(focused(driver)).toBe(two.id)
    run(driver, 'nextSuggestion')
    expect(focused(driver)).toBe(one.id)
    run(driver, 'escape')
    expect(focused(driver)).toBeNull()
    run(driver, 'nextBox')
    expect(driver.selection).toEqual([box.id])
    run(driver, 'nextBox')
    expect([driver.selection, focused(driver)]).toEqual([[], one.id])
    run(driver, 'previousBox')
    expect([driver.selection, focused(driver)]).toEqual([[box.id], null])
  })

  it('takes the one that is clicked, unless a smaller box lies there', () => {
    const one = suggested()
    const around = suggested({ rect: { x: 0, y: 0, width: 180, height: 180 } })
    const { driver, box } = open(one, around)
    driver.editor.setTool('select')
    expect(focused(driver.click([250, 140]))).toBe(one.id)
    expect(driver.click([50, 60]).selection).toEqual([box.id])
    expect(focused(driver)).toBeNull()
    expect(focused(driver.click([170, 170]))).toBe(around.id)
    expect(focused(driver.click([900, 700]))).toBeNull()
  })

  it('accepts one with the corners that a handle is dragged to', () => {
    const one = suggested()
    const { driver, editor } = open(one)
    editor.focusSuggestion(one.id)
    driver.press([300, 180]).drag([320, 200])
    expect(editor.getState().gesture).toMatchObject({ at: 'correcting', rect: { width: 120, height: 100 } })
    expect(driver.sent).toEqual([])
    driver.release()
    expect(editor.getState().doc.boxes.get(one.boxId)).toMatchObject({ ...PLACE, width: 120, height: 100 })
    editor.undo()
    expect(openIds(driver)).toEqual([one.id])
    editor.focusSuggestion(one.id)
    driver.press([300, 180]).drag([320, 200]).escape()
    expect([driver.gesture, openIds(driver)]).toEqual(['idle', [one.id]])
  })

  it('is said aloud: which one comes next, and when there is none', () => {
    const one = suggested()
    const { driver, editor } = open(one)
    const said = (name: ActionName) => {
      const before = editor.getState()
      run(driver, name)
      return announcementOf(before, editor.getState())
    }
    expect(said('nextSuggestion')).toEqual({
      ...{ code: 'suggestion', name: 'dog', rect: PLACE, model: 'Valves', score: 0.5, number: 1, total: 1 },
    })
    expect(said('rejectSuggestion')).toEqual({ code: 'suggestionsDone' })
  })
})

describe('asking', () => {
  const asked: string[][] = []
  const finder: Finder = {
    find: (entries) => asked.push(entries.map(({ text }) => text)),
    cancel: () => false,
  }

  it('asks for the chosen expression, for those of the image, or for all classes where there are none', () => {
    const labels = [
      { name: 'dog', colour: '#111111' },
      { name: 'cat', colour: '#222222' },
    ]
    const { driver } = open()
    expect(run(driver, 'findIt', { finder, labels })).toBe(false)
    driver.editor.setActive({ kind: 'class', text: 'cat' })
    run(driver, 'findIt', { finder, labels })
    run(driver, 'findAll', { finder, labels })
    runAction('findAll', contextOf(new Driver(), { finder, labels }))
    expect(asked).toEqual([['cat'], ['dog'], ['dog', 'cat']])
    expect(run(driver, 'findAll', { labels })).toBe(false)
  })

  it('ends by Escape before anything else is given up', () => {
    const one = suggested()
    const { driver } = open(one)
    driver.editor.focusSuggestion(one.id)
    run(driver, 'escape', { finder: { ...finder, cancel: () => true } })
    expect(focused(driver)).toBe(one.id)
  })
})

describe('the list', () => {
  const asked = { model: MODEL.key, texts: new Set(['dog']) }

  it('replaces what the same model said about the same expression, and nothing else', () => {
    const old = suggested()
    const cat = suggested({ entry: { kind: 'class', text: 'cat' } })
    const base = suggested({ model: { key: 'base:m_1', name: 'Nano', runId: null } })
    const fresh = suggested({ rect: moved(300) })
    expect(withFound([old, cat, base], [fresh], asked).suggestions).toEqual([cat, base, fresh])
    expect(withFound([old, cat, base], [], asked).suggestions).toEqual([cat, base])
  })

  it('does not bring back what was rejected, nor list twice what the server proposed', () => {
    const rejected = suggested({ rejected: true })
    const listed = suggested({ source: 'server', rect: moved(300) })
    const found = withFound(
      [rejected, listed],
      [suggested({ rect: moved(2) }), suggested({ rect: moved(301) })],
      asked,
    )
    expect(found).toEqual({ suggestions: [rejected, listed], rejectedBefore: 1 })
  })

  it('follows the server but keeps what is judged here', () => {
    const own = suggested()
    const gone = suggested({ source: 'server' })
    const rejected = suggested({ source: 'server', rejected: true })
    const stays = suggested({ source: 'server', rect: moved(300) })
    const { editor } = open(own, gone, rejected, stays)
    const { doc, suggestions } = editor.getState()
    const again = { ...stays }
    expect(withServer(suggestions, [again], doc)).toEqual([own, rejected, stays])
    expect(withServer([own, rejected, stays], [again], doc)).toEqual([own, rejected, stays])
    // Listed still, because the rejection is on its way.
    expect(withServer(suggestions, [{ ...rejected, rejected: false }], doc)).toEqual([own, rejected])
  })
})
