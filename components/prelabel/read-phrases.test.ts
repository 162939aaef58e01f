import { expect, test } from 'vitest'
import { readPhrases } from './read-phrases.ts'

test('reads one phrase a line, each once', () => {
  expect(readPhrases(' the valve \n\nthe pump\nthe valve\n')).toEqual({
    ...{ phrases: ['the valve', 'the pump'], problem: null },
  })
})

test('names the first that cannot stand in a question', () => {
  expect(readPhrases('fine\n<ref>x</ref>\n<y>').problem).toBe('<ref>x</ref>')
})
