import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ConversationRecord } from '../contracts/conversation.ts'
import type { NormalisedBox } from '../contracts/prediction.ts'
import { ConversationOptions } from '../contracts/version.ts'
import { boxListText, conversationRecord, conversationTurns, renderConversation } from './conversation.ts'
import { type Corners, denormaliseBox, type Size } from './coordinates.ts'
import { groundedExpressions } from './document.ts'
import { negativeAnswer, PROMPTS, referringQuestion } from './prompts.ts'

const golden = readFileSync('server/grounding/golden/records.json', 'utf8')
const [referring, detection] = JSON.parse(golden) as [
  ConversationRecord & { image: string } & Size,
  ConversationRecord & { image: string } & Size,
]
const shared: {
  referring: { language: 'en' | 'zh'; expression: string; question: string; negative: string }[]
  detection: Record<'en' | 'zh', { question: string; answer: string }>
  answers: { expression: string; boxes: NormalisedBox[]; text: string }[]
} = JSON.parse(readFileSync('trainer/contracts/examples/prompts.json', 'utf8'))

const options = (given: Partial<ConversationOptions> = {}) => ConversationOptions.parse(given)
const square = { width: 1000, height: 1000 }
const dog = { text: 'dog', boxes: [[10, 20, 30, 40]] as Corners[] }
const cat = { text: 'cat', boxes: [] }

/** The boxes of the published records, moved back to pixels of their image. */
const inPixels = (size: Size, expressions: [string, ...NormalisedBox[]][]) =>
  expressions.map(([text, ...boxes]) => ({ text, boxes: boxes.map((box) => denormaliseBox(box, size)) }))

describe('the published records', () => {
  const record2324 = inPixels(referring, [
    ['the lady with the blue shirt', [243, 469, 558, 746]],
    ['woman in gray shirt facing camera on right', [507, 409, 698, 740]],
    ['a woman in glasses shops in an open air fruit market', [196, 422, 395, 708]],
  ])
  const record78281 = inPixels(detection, [
    ['Bulletproof Helmet', [1, 2, 269, 235]],
    ['Bulletproof Clothing', [650, 619, 990, 993]],
    ['Gun Model', [32, 231, 977, 662]],
    ['screw', [754, 376, 851, 429]],
    ['handcuff', [698, 228, 931, 386]],
    ['95 Type Assault Rifle', [39, 229, 983, 667]],
    ['shield', [30, 597, 273, 993]],
    ['telescope', [666, 38, 890, 217]],
    ['Wireless Walkie-Talkie', [295, 2, 370, 226], [374, 0, 447, 226]],
    ['bomb', [473, 61, 552, 181], [569, 61, 648, 183]],
    ['weapon', [302, 617, 342, 993]],
    ['vessel', [355, 653, 644, 991]],
    ['artifact', [915, 0, 981, 294]],
  ])

  it('come back byte for byte from their boxes', () => {
    const records = [
      conversationRecord(referring, renderConversation(record2324, referring, options())),
      conversationRecord(
        detection,
        renderConversation(record78281, detection, options({ style: 'detection' })),
      ),
    ]
    expect(JSON.stringify(records, null, 2)).toBe(golden)
  })
})

describe('the prompts shared with the trainer', () => {
  it.each(shared.referring)('$language: $expression', ({ language, expression, question, negative }) => {
    expect(referringQuestion(expression, language)).toBe(question)
    expect(negativeAnswer(expression, language)).toBe(negative)
  })

  it('ask for all objects in both languages', () => {
    for (const language of ['en', 'zh'] as const) {
      expect(PROMPTS[language].detection).toBe(shared.detection[language].question)
      expect(PROMPTS[language].detectionAnswer).toBe(shared.detection[language].answer)
    }
  })

  it.each(shared.answers)('write the boxes of $expression', ({ expression, boxes, text }) => {
    expect(`<ref>${expression}</ref><box>${boxListText(boxes)}</box>`).toBe(text)
  })
})

describe('renderConversation', () => {
  const values = (...args: Parameters<typeof renderConversation>) =>
    conversationTurns(renderConversation(...args)).map((turn) => turn.value)

  it('answers a negative with the fixed sentence of the language or of the version', () => {
    expect(values([cat], square, options())[1]).toBe('There is no <ref>cat</ref> in this image.')
    expect(values([cat], square, options({ language: 'zh' }))[1]).toBe('图中没有<ref>cat</ref>。')
    expect(values([cat], square, options({ negativeAnswer: 'No {}.' }))[1]).toBe('No cat.')
  })

  it('leaves negatives out and names them when the version wants none', () => {
    const rendered = renderConversation([cat, dog], square, options({ negatives: false }))
    expect(rendered.skippedNegatives).toEqual([0])
    expect(conversationTurns(rendered)).toHaveLength(2)
    expect(conversationTurns(rendered)[0]?.value).toMatch(/^<image>\n.*dog/s)
  })

  it('asks for negatives one by one after a detection answer', () => {
    const rendered = values([cat, dog], square, options({ style: 'detection' }))
    expect(rendered).toEqual([
      `<image>\n${PROMPTS.en.detection}`,
      `${PROMPTS.en.detectionAnswer}\n\n\`\`\`\n<ref>dog</ref><box>[[10, 20, 30, 40]]</box>\n\`\`\`\n`,
      referringQuestion('cat', 'en'),
      'There is no <ref>cat</ref> in this image.',
    ])
  })

  it('leaves the fence out when asked', () => {
    expect(values([dog], square, options({ style: 'detection', fence: false, language: 'zh' }))[1]).toBe(
      `${PROMPTS.zh.detectionAnswer}\n\n<ref>dog</ref><box>[[10, 20, 30, 40]]</box>`,
    )
  })

  it('has one image placeholder however many turns there are', () => {
    const text = values([dog, cat, dog], square, options()).join('')
    expect(text.split('<image>')).toHaveLength(2)
  })

  it('reports a box that vanishes in rounding and keeps the others', () => {
    const rendered = renderConversation(
      [
        {
          text: 'dog',
          boxes: [
            [5.1, 5, 5.4, 9],
            [10, 20, 30, 40],
            [-5, 0, 10, 10],
          ],
        },
      ],
      square,
      options(),
    )
    expect(rendered.problems).toEqual([
      { kind: 'box', expression: 0, box: 0, problem: { code: 'vanishes', axis: 'x', smallest: 1 } },
      { kind: 'clamped', expression: 0, box: 2 },
    ])
    expect(conversationTurns(rendered)[1]?.value).toBe(
      '<ref>dog</ref><box>[[10, 20, 30, 40], [0, 0, 10, 10]]</box>',
    )
  })

  it('never turns an expression whose boxes cannot be written into a negative', () => {
    const rendered = renderConversation([{ text: 'dog', boxes: [[5, 5, 5, 9]] }], square, options())
    expect(rendered.turns).toEqual([])
    expect(rendered.problems.at(-1)).toEqual({ kind: 'expression', expression: 0 })
  })

  it('says which expression each piece of text speaks of', () => {
    const { turns } = renderConversation([dog, cat], square, options({ style: 'detection' }))
    const marked = turns.flatMap((turn) => turn.parts.filter((part) => part.expression === 1))
    expect(marked.map((part) => part.text)).toEqual([
      referringQuestion('cat', 'en'),
      'There is no <ref>cat</ref> in this image.',
    ])
  })
})

describe('groundedExpressions', () => {
  it('orders by position then id, and lists a shared box under each of its expressions', () => {
    const origin = { by: 'person' } as const
    const box = (id: string, position: number, expressionIds: string[]) =>
      ({
        id,
        position,
        expressionIds,
        x: position,
        y: 0,
        width: 5,
        height: 5,
        attributes: {},
        origin,
      }) as never
    const expression = (id: string, position: number) => ({ id, position, kind: 'class', text: id }) as never
    const grounded = groundedExpressions({
      expressions: [expression('e2', 1), expression('e1', 1), expression('e0', 2)],
      boxes: [box('b2', 2, ['e2']), box('b1', 1, ['e1', 'e2'])],
    })
    expect(grounded.map(({ text, boxes }) => [text, boxes.map(([x]) => x)])).toEqual([
      ['e1', [1]],
      ['e2', [1, 2]],
      ['e0', []],
    ])
  })
})
