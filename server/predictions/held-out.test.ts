import { describe, expect, it } from 'vitest'
import { ConversationOptions } from '../contracts/version.ts'
import { PROMPTS, referringQuestion } from '../grounding/prompts.ts'
import { boxesByExpression, samplesOf } from './held-out.ts'

const RECORD = {
  kind: 'image' as const,
  ...{ imageId: 'i', revision: 1, sha256: '0'.repeat(64), fileName: 'a.png', mediaType: 'image/png' },
  ...{ width: 200, height: 100, split: 'val' as const },
  expressions: [
    { kind: 'class' as const, text: 'valve', boxes: [[0, 0, 20, 10] as [number, number, number, number]] },
    { kind: 'class' as const, text: 'pump', boxes: [[50, 50, 60, 60] as [number, number, number, number]] },
    { kind: 'phrase' as const, text: 'a red door', boxes: [] },
  ],
}
const asked = (options: Partial<ConversationOptions>) =>
  samplesOf(RECORD, ConversationOptions.parse(options)).map(({ expression, prompt }) => [expression, prompt])

describe('the questions about a held-out picture', () => {
  it('are one per expression in the referring style, negatives included', () => {
    expect(asked({ language: 'zh' })).toEqual(
      ['valve', 'pump', 'a red door'].map((text) => [text, referringQuestion(text, 'zh')]),
    )
  })

  it('are one for all classes in the detection style, and one for each negative', () => {
    const { detection } = PROMPTS.en
    expect(asked({ style: 'detection' })).toEqual([
      ['valve', detection],
      ['pump', detection],
      ['a red door', referringQuestion('a red door', 'en')],
    ])
  })

  it('leave out what the export leaves out', () => {
    expect(asked({ negatives: false }).map(([expression]) => expression)).toEqual(['valve', 'pump'])
  })
})

describe('what an answer says', () => {
  it('is about the expression that was asked, whatever label it repeats', () => {
    const boxes = boxesByExpression(
      referringQuestion('valve', 'en'),
      ['valve'],
      '<ref>Pump</ref><box>[[1, 2, 3, 4]]</box>',
    )
    expect([...boxes]).toEqual([['valve', [[1, 2, 3, 4]]]])
  })

  it('is split by label when everything was asked for, also by labels that are not there', () => {
    const text =
      'Sure.\n\n```\n<ref>pump</ref><box>[[1, 2, 3, 4]]</box>\n<ref>cat</ref><box>[[5, 6, 7, 8]]</box>\n```\n'
    expect([...boxesByExpression(PROMPTS.en.detection, ['valve', 'pump'], text)]).toEqual([
      ['valve', []],
      ['pump', [[1, 2, 3, 4]]],
      ['cat', [[5, 6, 7, 8]]],
    ])
  })
})
