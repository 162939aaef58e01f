import { describe, expect, it } from 'vitest'
import { labelColour } from '../../server/contracts/label-colours.ts'
import type { NormalisedBox } from '../../server/contracts/prediction.ts'
import { answerBoxes } from './drawn-boxes.ts'
import { arrange, expressionsOf, type ReviewSample, scoreSamples } from './scored-sample.ts'

const ALL = { sort: 'dataset', expression: null, onlyDisagreements: false } as const

function answer(boxes: NormalisedBox[]) {
  return { text: '', boxes, tokens: 1, milliseconds: 1, backend: 'wasm' }
}

/** A 1000 × 1000 picture, where pixels are coordinates. */
function aSample(given: {
  expression: string
  truth?: NormalisedBox[]
  base?: NormalisedBox[]
  tuned?: NormalisedBox[]
}): ReviewSample {
  const { expression, truth = [], base, tuned } = given
  return {
    ...{ imageId: 'i', fileName: 'a.png', width: 1000, height: 1000, kind: 'class', prompt: '' },
    ...{ expression, truth },
    answers: {
      base: { browser: base ? answer(base) : null, server: null },
      tuned: { browser: tuned ? answer(tuned) : null, server: null },
    },
  }
}

const SAMPLES = scoreSamples(
  [
    aSample({
      expression: 'good',
      truth: [[0, 0, 100, 100]],
      base: [[0, 0, 100, 90]],
      tuned: [[0, 0, 100, 100]],
    }),
    aSample({ expression: 'half', truth: [[0, 0, 100, 100]], base: [], tuned: [[0, 0, 100, 50]] }),
    aSample({ expression: 'negative', base: [], tuned: [[0, 0, 5, 5]] }),
    aSample({ expression: 'unanswered', truth: [[0, 0, 100, 100]] }),
  ],
  'browser',
)
const names = (filter: Partial<Parameters<typeof arrange>[1]>) =>
  arrange(SAMPLES, { ...ALL, ...filter }).map(({ sample }) => sample.expression)

describe('the list of samples', () => {
  it('counts an IoU of exactly one half as right, and a box for something absent as wrong', () => {
    expect(SAMPLES.map(({ tuned }) => tuned?.score.correct)).toEqual([true, true, false, undefined])
    expect(SAMPLES.map(({ tuned }) => tuned?.quality)).toEqual([1, 0.5, 0, undefined])
  })

  it('begins with the worst answers of the tuned model and ends with what has none', () => {
    expect(names({ sort: 'worst' })).toEqual(['negative', 'half', 'good', 'unanswered'])
  })

  it('begins with what tuning changed most', () => {
    expect(names({ sort: 'difference' })).toEqual(['negative', 'half', 'good', 'unanswered'])
  })

  it('can be narrowed to one expression, and to what the models disagree about', () => {
    expect(names({ expression: 'good' })).toEqual(['good'])
    expect(names({ onlyDisagreements: true })).toEqual(['half', 'negative'])
  })

  it('shows another source as unanswered', () => {
    const [first] = scoreSamples([SAMPLES[0]?.sample as ReviewSample], 'server')
    expect(first?.tuned).toBeNull()
  })

  it('offers expressions by how often they are asked', () => {
    const samples = ['b', 'a', 'b'].map((expression) => aSample({ expression }))
    expect(expressionsOf(samples)).toEqual([
      { expression: 'b', count: 2 },
      { expression: 'a', count: 1 },
    ])
  })
})

describe('the boxes of an answer', () => {
  it('share the colour of the true box they match; the missed one is there too, and the extra one is told apart', () => {
    const [scored] = scoreSamples(
      [
        aSample({
          expression: 'x',
          truth: [
            [0, 0, 100, 100],
            [500, 500, 600, 600],
          ],
          tuned: [
            [800, 800, 900, 900],
            [500, 500, 600, 590],
          ],
        }),
      ],
      'browser',
    )
    const drawn = scored?.tuned ? answerBoxes(scored.sample, scored.tuned) : []
    expect(drawn.map(({ role, iou }) => [role, iou])).toEqual([
      ['miss', null],
      ['extra', null],
      ['match', 0.9],
    ])
    expect(drawn[0]?.colour).toBe(labelColour(0))
    expect(drawn[2]?.colour).toBe(labelColour(1))
    expect([labelColour(0), labelColour(1)]).not.toContain(drawn[1]?.colour)
  })
})
