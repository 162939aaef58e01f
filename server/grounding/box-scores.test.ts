import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { boxScores } from './box-scores.ts'
import { parseAnswer } from './parse-answer.ts'

const cases: { name: string; tokens: string[]; probabilities: number[]; scores: number[] }[] = JSON.parse(
  readFileSync('trainer/contracts/examples/box-scores.json', 'utf8'),
)

it.each(cases)('scores $name', ({ tokens, probabilities, scores }) => {
  const text = tokens.join('')
  const ends = tokens.map((_, place) => tokens.slice(0, place + 1).join('').length)
  const found = boxScores(text, parseAnswer(text), ends, probabilities)
  expect(found).toHaveLength(scores.length)
  for (const [place, score] of scores.entries()) expect(found[place]).toBeCloseTo(score, 9)
})
