import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isStudioError } from '../errors.ts'
import { convert } from './convert.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'refbox-broken-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const human = { from: 'human', value: '<image>\nWhere? <ref>cat</ref>' }
const answered = (value: string) => ({
  id: 1,
  image: 'a.png',
  width: 100,
  height: 100,
  conversations: [human, { from: 'gpt', value }],
})
const boxed = (list: string, text = 'cat') => answered(`<ref>${text}</ref><box>${list}</box>`)
const good = boxed('[[1, 2, 3, 4]]')

async function failure(input: string, from: 'internvl' | 'coco', to: 'internvl' | 'coco' = 'internvl') {
  const output = path.join(mkdtempSync(path.join(folder, 'out-')), to === 'coco' ? 'out.json' : 'out.jsonl')
  writeFileSync(output, 'what was there before')
  const error = await convert({ from, to, input, output }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(readdirSync(path.dirname(output))).toEqual([path.basename(output)])
  expect(readFileSync(output, 'utf8')).toBe('what was there before')
  if (!isStudioError(error)) throw new Error(`expected a StudioError, got ${String(error)}`)
  expect(error.code).toBe('BAD_FILE')
  return error.message
}

test.each<[string, unknown, string, RegExp]>([
  ['text that is no JSON', '{"id": 1, "image": NaN}', '', /not JSON/],
  ['a record without turns', { id: 1, image: 'a.png' }, 'conversations', /expected array/],
  [
    'a speaker nobody knows',
    { ...good, conversations: [{ from: 'user', value: 'x' }] },
    'conversations[0].from',
    /human/,
  ],
  [
    'a turn without words',
    { ...good, conversations: [human, { from: 'gpt' }] },
    'conversations[1].value',
    /no value/,
  ],
  ['an inverted box', boxed('[[5, 2, 3, 4]]'), 'conversations[1].value', /\[5, 2, 3, 4\] is inverted/],
  ['a box of no width', boxed('[[3, 2, 3, 4]]'), 'conversations[1].value', /inverted or empty/],
  ['shares of one', boxed('[[0.1, 0.2, 0.3, 0.4]]'), 'conversations[1].value', /scale of 0\.\.1/],
  ['pixels', boxed('[[1200, 10, 1400, 90]]'), 'conversations[1].value', /look like pixels/],
  ['fractions', boxed('[[1.5, 10, 14, 90]]'), 'conversations[1].value', /whole numbers/],
  ['three numbers', boxed('[[1, 10, 14]]'), 'conversations[1].value', /3 numbers/],
  ['NaN in a box', boxed('[[NaN, 1, 2, 3]]'), 'conversations[1].value', /no list of boxes/],
  [
    'an open tag',
    answered('<ref>cat</ref><box>[[1, 2, 3, 4]]</box> <ref>dog'),
    'conversations[1].value',
    /not closed/,
  ],
  ['a tag inside a phrase', boxed('[[1, 2, 3, 4]]', 'a <box> cat'), 'conversations', /"<" at character 3/],
  ['a phrase of two lines', boxed('[[1, 2, 3, 4]]', 'a\ncat'), 'conversations', /line break/],
  ['a path that climbs', { ...good, image: 'x/../../a.png' }, 'image', /leads out of the image folder/],
  ['a path that climbs as on Windows', { ...good, image: '..\\a.png' }, 'image', /leads out/],
  ['an absolute path', { ...good, image: '/etc/passwd' }, 'image', /absolute/],
  ['an absolute path of Windows', { ...good, image: 'C:\\a.png' }, 'image', /absolute/],
])('InternVL: %s is refused with its line and field', async (_, record, field, message) => {
  const input = path.join(mkdtempSync(path.join(folder, 'in-')), 'bad.jsonl')
  const line = typeof record === 'string' ? record : JSON.stringify(record)
  writeFileSync(input, `${JSON.stringify(good)}\n${line}\n`)
  const text = await failure(input, 'internvl')
  expect(text).toContain(`${[input, 2, field].filter(Boolean).join(':')}: `)
  expect(text).toMatch(message)
})

const coco = {
  images: [{ id: 1, file_name: 'a.png', width: 100, height: 100 }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 20, 20] }],
  categories: [{ id: 1, name: 'cat' }],
}
const [annotation] = coco.annotations

test.each<[string, unknown, RegExp]>([
  ['a file that is no COCO', { images: [] }, /:annotations: .*COCO has the lists/],
  ['NaN, which Python writes', '{"images": [NaN]}', /NaN and Infinity/],
  [
    'a box of three numbers',
    { ...coco, annotations: [{ ...annotation, bbox: [1, 2, 3] }] },
    /:annotations\[0\]\.bbox: /,
  ],
  [
    'a box of no height',
    { ...coco, annotations: [{ ...annotation, bbox: [1, 2, 3, 0] }] },
    /:annotations\[0\]\.bbox: .*no height/,
  ],
  [
    'a box given by corners',
    { ...coco, annotations: [{ ...annotation, bbox: [50, 50, -10, 5] }] },
    /\[x, y, width, height\]/,
  ],
  [
    'a box beside the picture',
    { ...coco, annotations: [{ ...annotation, bbox: [200, 2, 3, 4] }] },
    /a\.png:cat: .*outside the picture/,
  ],
  [
    'a box thinner than a thousandth',
    { ...coco, annotations: [{ ...annotation, bbox: [1.02, 2, 0.01, 4] }] },
    /smaller than a thousandth/,
  ],
  [
    'a category nobody named',
    { ...coco, annotations: [{ ...annotation, category_id: 7 }] },
    /:annotations\[0\]\.category_id: .*id 7/,
  ],
  [
    'a picture nobody listed',
    { ...coco, annotations: [{ ...annotation, image_id: 9 }] },
    /:annotations\[0\]\.image_id: .*id 9/,
  ],
  [
    'a name with a tag',
    { ...coco, categories: [{ id: 1, name: '<ref>cat' }] },
    /:categories\[0\]\.name: .*"<" at character 1/,
  ],
  [
    'two pictures of one id',
    { ...coco, images: [...coco.images, ...coco.images] },
    /:images\[1\]\.id: .*taken/,
  ],
  [
    'a path that climbs',
    { ...coco, images: [{ ...coco.images[0], file_name: '../a.png' }] },
    /:images\[0\]\.file_name: /,
  ],
  [
    'no size and no picture',
    { ...coco, images: [{ id: 1, file_name: 'a.png' }] },
    /:images\[0\]: .*no width and height/,
  ],
])('COCO: %s is refused with its place', async (_, content, message) => {
  const input = path.join(mkdtempSync(path.join(folder, 'in-')), 'bad.json')
  writeFileSync(input, typeof content === 'string' ? content : JSON.stringify(content))
  const text = await failure(input, 'coco')
  expect(text).toMatch(message)
})

test('a file that is not there, a folder, and bytes that are not UTF-8 are named', async () => {
  const odd = path.join(folder, 'latin1.jsonl')
  writeFileSync(odd, Buffer.from('{"id": "\xe9"}\n', 'latin1'))
  mkdirSync(path.join(folder, 'dir.jsonl'))
  expect(await failure(path.join(folder, 'none.jsonl'), 'internvl')).toContain(
    'none.jsonl: there is no such file',
  )
  expect(await failure(path.join(folder, 'none.json'), 'coco')).toContain('none.json: there is no such file')
  expect(await failure(path.join(folder, 'dir.jsonl'), 'internvl')).toContain('is a folder')
  expect(await failure(odd, 'internvl')).toContain('latin1.jsonl: not UTF-8 from line 1')
})

test('records that say no size cannot become COCO, and the pictures’ folder mends it', async () => {
  const { width: _, height: __, ...sizeless } = good
  const input = path.join(mkdtempSync(path.join(folder, 'in-')), 'sizeless.jsonl')
  writeFileSync(input, JSON.stringify(sizeless))
  expect(await failure(input, 'internvl', 'coco')).toContain('--images')
})

test('a picture that is not in the named folder is found out before anything trains on another one', async () => {
  const images = mkdtempSync(path.join(folder, 'images-'))
  const input = path.join(images, 'a.jsonl')
  writeFileSync(input, JSON.stringify(good))
  const output = path.join(images, 'out.jsonl')
  await expect(convert({ from: 'internvl', to: 'internvl', input, output, images })).rejects.toThrow(
    'no such picture',
  )
  writeFileSync(path.join(images, 'a.png'), 'any bytes')
  expect((await convert({ from: 'internvl', to: 'internvl', input, output, images })).records).toBe(1)
})

test('with skipInvalid what is broken is left out and said, the rest is written', async () => {
  const base = mkdtempSync(path.join(folder, 'skip-'))
  const input = path.join(base, 'in.jsonl')
  writeFileSync(
    input,
    [good, boxed('[[9, 9, 1, 1]]'), good].map((record) => JSON.stringify(record)).join('\n'),
  )
  const output = path.join(base, 'out.jsonl')
  const { records, notices } = await convert({
    from: 'internvl',
    to: 'internvl',
    input,
    output,
    skipInvalid: true,
  })
  expect(records).toBe(2)
  expect(notices.map((notice) => notice.message)).toEqual([
    expect.stringContaining('in.jsonl:2:conversations[1].value'),
  ])
})
