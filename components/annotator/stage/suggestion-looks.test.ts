import { expect, test } from 'vitest'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Suggested } from '../suggestions/suggestion.ts'
import { Driver } from '../testing/driver.ts'
import { suggestionLooks } from './suggestion-looks.ts'

const suggested = (id: string, text: string, x: number): Suggested => ({
  ...{
    id,
    boxId: `b_${id}` as BoxId,
    entry: { kind: 'class', text },
    rect: { x, y: 100, width: 60, height: 40 },
  },
  ...{ score: 0.5, model: { key: 'base:m', name: 'Nano', runId: null }, source: 'server', rejected: false },
})

const colours = new Map([['dog', '#112233']])
const words = (model: string, score: number | null) => `${model} ${score}`

function looks(driver: Driver) {
  return suggestionLooks(driver.editor.getState(), colours, words)
}

test('suggestions have the colour of their expression and say whose they are, the one in focus on top', () => {
  const driver = new Driver()
  const { editor } = driver
  editor.setSuggestions([suggested('one', 'dog', 10), suggested('two', 'cat', 200)])
  editor.focusSuggestion('one')
  expect(looks(driver)).toEqual([
    {
      rect: { x: 200, y: 100, width: 60, height: 40 },
      colour: '#888888',
      label: 'Nano 0.5',
      isFocused: false,
    },
    { rect: { x: 10, y: 100, width: 60, height: 40 }, colour: '#112233', label: 'Nano 0.5', isFocused: true },
  ])
})

test('what is out of sight, judged or of a hidden expression is not drawn', () => {
  const driver = new Driver()
  const { editor } = driver
  const [far, hidden, rejected] = [
    suggested('far', 'dog', 5000),
    suggested('h', 'cat', 10),
    suggested('r', 'dog', 10),
  ]
  editor.setSuggestions([far, hidden, { ...rejected, rejected: true }])
  editor.setGuards({ ...editor.getState().guards, hiddenTexts: new Set(['cat']) })
  expect(looks(driver)).toEqual([])
})

test('one that is being corrected is drawn as the hand has it', () => {
  const driver = new Driver()
  driver.editor.setSuggestions([suggested('one', 'dog', 10)])
  driver.editor.focusSuggestion('one')
  driver.press([70, 140]).drag([90, 150])
  expect(looks(driver)[0]?.rect).toEqual({ x: 10, y: 100, width: 80, height: 50 })
})
