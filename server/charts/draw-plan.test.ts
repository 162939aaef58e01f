import { expect, test } from 'vitest'
import { DEFAULT_CLASSES, DrawOptions } from '../contracts/chart.ts'
import { drawPicture } from './draw-picture.ts'
import { drawPictures } from './draw-pictures.ts'
import { checkPlan, pictureCount, slotOf } from './draw-plan.ts'

const chart = (name: string) => ({
  name: `${name}.mmd`,
  text: 'graph LR\n a[Login] --> b{Paid?} --> c[登录]',
})
const plan = (options: object, count = 0) =>
  checkPlan(
    Array.from({ length: count }, (_, at) => chart(`c${at}`)),
    DrawOptions.parse(options),
  ).plan

test('all copies of a chart are in one split, every fifth chart is held out, the last ones are left bare', () => {
  const drawn = plan({ copies: 2, random: 4, unannotated: 0.1 }, 6)
  const slots = Array.from({ length: pictureCount(drawn) }, (_, index) => slotOf(drawn, index))
  expect(slots.map(({ split }) => split ?? '-').join(' ')).toBe(
    'train train train train train train train train val val train train train train - -',
  )
  expect(new Set(slots.map(({ fileName }) => fileName)).size).toBe(slots.length)
})

test('an invented chart stays the same when others are added and when sources come before it', async () => {
  const one = await drawPicture(plan({ random: 2 }), 1)
  const more = await drawPicture(plan({ random: 9 }), 1)
  const behind = await drawPicture(plan({ random: 2, copies: 3 }, 1), 4)
  expect(Buffer.compare(more.bytes, one.bytes)).toBe(0)
  expect(Buffer.compare(behind.bytes, one.bytes)).toBe(0)
  expect(behind.expressions).toEqual(one.expressions)
})

test('threads draw the same bytes as the process itself, in order', async () => {
  const many = plan({ random: 26, size: { low: 640, high: 700 } })
  const drawn = []
  for await (const picture of drawPictures(many)) drawn.push(picture)
  expect(drawn.map(({ index }) => index)).toEqual(Array.from({ length: 26 }, (_, index) => index))
  for (const index of [0, 13, 25]) {
    const alone = await drawPicture(many, index)
    expect(Buffer.compare(drawn[index]?.bytes ?? Buffer.of(), alone.bytes)).toBe(0)
    expect(drawn[index]?.expressions).toEqual(alone.expressions)
  }
})

test.each([1, 30])(
  'too many shapes end a drawing of %i pictures with the name of the chart',
  async (copies) => {
    const steps = Array.from({ length: 39 }, (_, at) => `s${at}[Step number ${at}]`)
    const text = `graph LR\n ${steps.join(' --> ')}`
    const options = DrawOptions.parse({ copies, size: { low: 320, high: 320 } })
    const { plan: long, problems } = checkPlan([{ name: 'long.mmd', text }], options)
    expect(problems).toEqual([])
    await expect(drawPictures(long).next()).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringMatching(
        /^long.*: Its text would be .* Split the chart, or allow larger pictures\.$/,
      ),
      details: { problems: [{ line: null, reason: 'tooManyShapes' }] },
    })
  },
)

test('classes have the names of the language, and a thing without a class gets no box', async () => {
  const classes = DEFAULT_CLASSES.filter(({ names }) => names.en === 'decision' || names.en === 'arrow')
  const { expressions } = await drawPicture(plan({ language: 'zh', classes, phrases: 'none' }, 1), 0)
  expect(expressions.map(({ text, boxes }) => [text, boxes.length])).toEqual([
    ['判断', 1],
    ['箭头', 2],
  ])
})

test.each([
  [
    {
      classes: [
        { names: { en: 'a', zh: '甲' }, things: ['diamond'] },
        { names: { en: 'b', zh: '乙' }, things: ['diamond'] },
      ],
    },
  ],
  [
    {
      classes: [
        { names: { en: 'a', zh: '甲' }, things: ['diamond'] },
        { names: { en: 'A', zh: '乙' }, things: ['arrow'] },
      ],
    },
  ],
  [{ size: { low: 900, high: 800 } }],
  [{ styles: [] }],
])('%j is refused', (options) => {
  expect(DrawOptions.safeParse(options).success).toBe(false)
})

test('what no picture of the set shows is no class of it, so nothing else is ever stated as absent', () => {
  const names = (options: object, count = 0) =>
    plan(options, count).options.classes.map(({ names: { en } }) => en)
  expect(names({ random: 1 })).toEqual(['process', 'decision', 'terminator', 'data', 'document', 'arrow'])
  expect(names({}, 1)).toEqual(['process', 'decision', 'arrow'])
})
