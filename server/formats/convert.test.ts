import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type ConvertOptions, convert } from './convert.ts'

const GOLDEN = 'server/grounding/golden/records.json'
const COCO = 'server/formats/golden/published.coco.json'
const [referring, detection] = (JSON.parse(readFileSync(GOLDEN, 'utf8')) as object[]).map((record) =>
  JSON.stringify(record),
)
const folder = mkdtempSync(path.join(tmpdir(), 'refbox-convert-'))
const fresh = (name: string) => path.join(mkdtempSync(path.join(folder, 'out-')), name)
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function lines(options: Omit<ConvertOptions, 'output' | 'to'>): Promise<(string | undefined)[]> {
  const output = fresh('out.jsonl')
  await convert({ ...options, to: 'internvl', output })
  return linesOf(output)
}

function write(name: string, ...records: unknown[]): string {
  const file = path.join(mkdtempSync(path.join(folder, 'in-')), name)
  const text = name.endsWith('.jsonl')
    ? records.map((record) => JSON.stringify(record)).join('\n')
    : JSON.stringify(records[0])
  writeFileSync(file, `${text}\n`)
  return file
}

describe('the two published records come back byte for byte', () => {
  test('from their pixel boxes in a COCO file of somebody else', async () => {
    const asked = await lines({ from: 'coco', input: COCO, style: 'referring' })
    const listed = await lines({ from: 'coco', input: COCO, style: 'detection' })
    expect(asked[0]).toBe(referring)
    expect(listed[1]).toBe(detection)
  })

  test('from a list of records, each in its own style', async () => {
    expect(await lines({ from: 'internvl', input: GOLDEN })).toEqual([referring, detection])
  })

  test('written anew in the style that is asked for', async () => {
    const asked = await lines({ from: 'internvl', input: GOLDEN, style: 'referring', language: 'en' })
    const listed = await lines({ from: 'internvl', input: GOLDEN, style: 'detection', fence: true })
    expect(asked[0]).toBe(referring)
    expect(listed[1]).toBe(detection)
  })

  test('through COCO and back', async () => {
    const coco = fresh('instances.json')
    await convert({ from: 'internvl', to: 'coco', input: GOLDEN, output: coco })
    expect((await lines({ from: 'coco', input: coco }))[0]).toBe(referring)
    expect((await lines({ from: 'coco', input: coco, style: 'detection' }))[1]).toBe(detection)
  })
})

test('without the fence the list follows the sentence after a blank line', async () => {
  const [, line] = await lines({ from: 'coco', input: COCO, style: 'detection', fence: false })
  const answer: string = JSON.parse(line ?? '').conversations[1].value
  expect(answer).not.toContain('```')
  expect(answer).toMatch(
    /mark their positions\.\n\n<ref>Bulletproof Helmet<\/ref><box>\[\[1, 2, 269, 235\]\]<\/box>\n/,
  )
  expect(answer).toMatch(/<\/box>$/)
})

test('Chinese prompts change the questions and leave the boxes alone', async () => {
  const [line] = await lines({ from: 'internvl', input: GOLDEN, language: 'zh' })
  const turns = JSON.parse(line ?? '').conversations
  expect(turns[0].value).toBe(
    '<image>\n请提供以下描述所对应区域的边界框坐标：<ref>the lady with the blue shirt</ref>',
  )
  expect(turns[1].value).toBe('<ref>the lady with the blue shirt</ref><box>[[243, 469, 558, 746]]</box>')
})

test('`text` is read where the loader wants `value`, written as `value`, and counted', async () => {
  const { conversations, ...rest } = JSON.parse(referring ?? '')
  const input = write('text.jsonl', {
    ...rest,
    conversations: conversations.map(({ from, value }: { from: string; value: string }) =>
      from === 'gpt' ? { from, text: value } : { from, value },
    ),
  })
  const output = fresh('out.jsonl')
  const { notices } = await convert({ from: 'internvl', to: 'internvl', input, output })
  expect(linesOf(output)).toEqual([referring])
  expect(notices.find((notice) => notice.code === 'text-read-as-value')?.count).toBe(3)
})

test('a crowd region is left out and counted', async () => {
  const { notices } = await convert({ from: 'coco', to: 'internvl', input: COCO, output: fresh('out.jsonl') })
  expect(notices.find((notice) => notice.code === 'crowd')?.count).toBe(1)
})

test('text, several pictures, free talk and keys of other tools are kept word for word', async () => {
  const records = [
    {
      id: 'a',
      conversations: [
        { from: 'human', value: 'Hello' },
        { from: 'gpt', value: 'Hi <b>there</b> 🙂' },
      ],
    },
    {
      id: 'b',
      image: ['x/1.png', 'x/2.png'],
      conversations: [
        { from: 'human', value: '<image><image>\nSame?' },
        { from: 'gpt', value: 'No' },
      ],
    },
    {
      id: 'c',
      image: '1.png',
      width: 4,
      height: 4,
      conversations: [
        { from: 'human', value: '<image>\nWhat is it?' },
        { from: 'gpt', value: 'A dot.' },
      ],
      source: 'talk',
    },
  ]
  const input = write('mixed.jsonl', ...records)
  expect(await lines({ from: 'internvl', input, style: 'detection' })).toEqual(
    records.map((record) => JSON.stringify(record)),
  )
})

test('negatives, order and a phrase that is asked twice survive the way through COCO', async () => {
  const question = (text: string) => ({
    from: 'human',
    value: `Please provide the bounding box coordinate of the region this sentence describes: <ref>${text}</ref>`,
  })
  const box = (text: string, list: string) => ({ from: 'gpt', value: `<ref>${text}</ref><box>${list}</box>` })
  const none = (text: string) => ({ from: 'gpt', value: `There is no <ref>${text}</ref> in this image.` })
  const turns = [
    ...[question('a cat'), none('a cat')],
    ...[question('a dog'), box('a dog', '[[1, 2, 3, 4]]')],
    ...[question('红色阀门'), box('红色阀门', '[[5, 6, 7, 8], [1, 1, 9, 9]]')],
    ...[question('a dog'), box('a dog', '[[10, 20, 30, 40]]')],
  ]
  const [first, ...rest] = turns
  const record = {
    id: 'one',
    image: 'a/b.png',
    width: 640,
    height: 480,
    conversations: [{ ...first, value: `<image>\n${first?.value}` }, ...rest],
  }
  const coco = fresh('coco.json')
  await convert({ from: 'internvl', to: 'coco', input: write('one.jsonl', record), output: coco })
  expect(await lines({ from: 'coco', input: coco })).toEqual([JSON.stringify(record)])
})

test('attributes of boxes come back through COCO; a conversation has no place for them', async () => {
  const annotations = [
    { colour: 'red', occluded: true, count: 2 },
    undefined,
    { name: '阀门 <1>' },
    { track: null, nested: {} },
  ].map((attributes, place) => ({
    ...{ id: place + 1, image_id: 1, category_id: place === 2 ? 2 : 1, bbox: [10 * place, 0, 50, 60] },
    ...(attributes ? { attributes } : {}),
  }))
  const coco = {
    images: [{ id: 1, file_name: 'a.png', width: 400, height: 300 }],
    annotations,
    categories: [
      { id: 1, name: 'valve', supercategory: 'class' },
      { id: 2, name: 'the big one', supercategory: 'phrase' },
    ],
  }
  const output = fresh('coco.json')
  const { notices } = await convert({ from: 'coco', to: 'coco', input: write('in.json', coco), output })
  const attributesIn = (file: string) =>
    JSON.parse(readFileSync(file, 'utf8')).annotations.map(
      ({ bbox, attributes }: { bbox: number[]; attributes?: object }) => [bbox[0], attributes],
    )
  expect(attributesIn(output)).toEqual([
    [0, { colour: 'red', occluded: true, count: 2 }],
    [10, undefined],
    [30, undefined],
    [20, { name: '阀门 <1>' }],
  ])
  expect(notices.find(({ code }) => code === 'attribute')?.count).toBe(1)
  const again = fresh('again.json')
  await convert({ from: 'coco', to: 'coco', input: output, output: again })
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(output, 'utf8'))
  expect((await lines({ from: 'coco', input: output })).join()).not.toContain('red')
})

test('a box deleted from our COCO by another tool does not become a negative', async () => {
  const coco = fresh('coco.json')
  await convert({ from: 'internvl', to: 'coco', input: GOLDEN, output: coco })
  const content = JSON.parse(readFileSync(coco, 'utf8'))
  content.annotations = content.annotations.filter((annotation: { id: number }) => annotation.id !== 2)
  const [line] = await lines({ from: 'coco', input: write('edited.json', content) })
  expect(line).not.toContain('woman in gray shirt')
})

test('a meta file mixes data sets: each keeps its file, weight and pictures', async () => {
  const input = write('meta.json', {
    lady: { root: './photos/', annotation: 'lady.jsonl', data_augment: true, repeat_time: 3, length: 1 },
    list: { root: '.', annotation: 'list.jsonl', data_augment: false, repeat_time: 0.5, length: 1 },
  })
  const base = path.dirname(input)
  writeFileSync(path.join(base, 'lady.jsonl'), `${referring}\n`)
  writeFileSync(path.join(base, 'list.jsonl'), `\ufeff${detection}\r\n\n`)
  const output = path.join(base, 'export')
  const { records, files } = await convert({ from: 'internvl', to: 'internvl', input, output })
  expect(records).toBe(2)
  expect(files.map((file) => path.basename(file))).toEqual(['lady.jsonl', 'list.jsonl', 'meta.json'])
  expect(linesOf(path.join(output, 'list.jsonl'))).toEqual([detection])
  expect(JSON.parse(readFileSync(path.join(output, 'meta.json'), 'utf8'))).toEqual({
    lady: { root: '../photos/', annotation: 'lady.jsonl', data_augment: true, repeat_time: 3, length: 1 },
    list: { root: '../', annotation: 'list.jsonl', data_augment: false, repeat_time: 0.5, length: 1 },
  })
  await convert({ from: 'internvl', to: 'internvl', input, output, absolute: true })
  expect(JSON.parse(readFileSync(path.join(output, 'meta.json'), 'utf8')).lady).toMatchObject({
    root: `${base}/photos/`,
    annotation: `${output}/lady.jsonl`,
  })
})

test('the meta file beside a single file names it, its length and the pictures’ folder', async () => {
  const output = path.join(path.dirname(write('x.json', {})), 'train.jsonl')
  const { files } = await convert({ from: 'internvl', to: 'internvl', input: GOLDEN, output })
  expect(files).toEqual([output, output.replace('.jsonl', '.meta.json')])
  const [entry] = Object.values(JSON.parse(readFileSync(files[1] ?? '', 'utf8')))
  expect(entry).toMatchObject({ annotation: 'train.jsonl', length: 2 })
})

test('nothing else lies in the folder when the work is done', async () => {
  const output = fresh('coco.json')
  await convert({ from: 'coco', to: 'coco', input: COCO, output })
  expect(readdirSync(path.dirname(output))).toEqual(['coco.json'])
  expect(existsSync(output)).toBe(true)
})
