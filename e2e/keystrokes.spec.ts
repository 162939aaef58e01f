// What the usual work takes in keys, clicks and drags: done here with counted hands, and held to docs/keystrokes.md.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hands } from './support/hands.ts'
import { addPhotos } from './support/images.ts'
import { createOwner, createProject } from './support/people.ts'
import { Visit } from './support/visit.ts'

const TABLE = readFileSync(path.join(import.meta.dirname, '../docs/keystrokes.md'), 'utf8')

let visit: Visit
let page: Page
let hands: Hands

beforeAll(async () => {
  visit = await Visit.begin()
  page = visit.page
  await createOwner(page)
  const project = await createProject(page, 'Photographs')
  await addPhotos(page, 'coffee-on-its-side.jpg', 'rocket.jpg')
  hands = new Hands(page)
  await open('rocket.jpg')
  for (const [place, name] of ['cup', 'spoon', 'saucer'].entries()) {
    await hands.press('r')
    await hands.press('e')
    await hands.type(name)
    await hands.press('Enter')
    await hands.drag([0.45 + place / 20, 0.3], [0.5 + place / 20, 0.35])
    // A class is the project's once the server has it.
    await page.getByText(`revision ${place + 1}`, { exact: true }).waitFor()
  }
  await page.goto(project)
  await open('coffee-on-its-side.jpg')
  await hands.press('r')
  await hands.press('1')
  hands.counted()
})

afterAll(() => visit?.end())

const boxes = (text: string) => page.getByRole('option', { name: new RegExp(`^${text}: x `) })

async function open(fileName: string): Promise<void> {
  await page
    .getByLabel(new RegExp(`^${fileName.replace('.', '\\.')}, `))
    .first()
    .dblclick()
  await shown(fileName)
}

async function shown(fileName: string): Promise<void> {
  await page.getByRole('heading', { name: fileName }).waitFor()
  await page.getByLabel(/^Image with /).waitFor()
  await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
}

/** The column of this studio. */
function documented(task: string): number {
  const row = TABLE.split('\n').find((line) => line.startsWith(`| ${task} |`))
  if (!row) throw new Error(`docs/keystrokes.md has no row for: ${task}`)
  return Number(row.split('|')[2])
}

describe('docs/keystrokes.md', () => {
  it.each<[task: string, work: () => Promise<void>, result: () => Promise<void>]>([
    [
      'one more box of the same class',
      () => hands.drag([0.4, 0.3], [0.45, 0.4]),
      () => boxes('cup').nth(0).waitFor(),
    ],
    [
      'a box of another class',
      async () => {
        await hands.press('2')
        await hands.drag([0.5, 0.3], [0.55, 0.4])
      },
      () => boxes('spoon').nth(0).waitFor(),
    ],
    [
      'a first box of a phrase that is new',
      async () => {
        await hands.press('e')
        await hands.type('the dark coffee')
        await hands.press('Enter')
        await hands.drag([0.4, 0.5], [0.45, 0.6])
      },
      () => boxes('the dark coffee').nth(0).waitFor(),
    ],
    [
      'one more box of that phrase',
      () => hands.drag([0.5, 0.5], [0.55, 0.6]),
      () => boxes('the dark coffee').nth(1).waitFor(),
    ],
    [
      '"this is not in the image"',
      async () => {
        await hands.press('3')
        await hands.press('n')
      },
      () => page.getByText('There is no <ref>saucer</ref> in this image.').first().waitFor(),
    ],
    [
      'a second expression for a box',
      async () => {
        await hands.click([0.425, 0.35])
        await hands.press('Shift+2')
      },
      () => boxes('(cup · spoon|spoon · cup)').first().waitFor(),
    ],
    [
      'another class for a box',
      async () => {
        await hands.click([0.525, 0.35])
        await hands.press('w')
        await hands.press('1')
      },
      () => boxes('cup').nth(0).waitFor(),
    ],
    [
      'delete a box',
      async () => {
        await hands.click([0.525, 0.55])
        await hands.press('Delete')
      },
      () => boxes('the dark coffee').nth(1).waitFor({ state: 'detached' }),
    ],
    [
      'a copy of a box',
      async () => {
        await hands.click([0.425, 0.55])
        await hands.press('Control+d')
      },
      () => boxes('the dark coffee').nth(1).waitFor(),
    ],
    ['this image is done, the next', () => hands.press('Enter'), () => shown('rocket.jpg')],
    [
      'all boxes of the image before',
      () => hands.press('Control+p'),
      () => boxes('the dark coffee').nth(1).waitFor(),
    ],
  ])('is right about %s', async (task, work, result) => {
    await work()
    await result()
    expect(hands.counted()).toBe(documented(task))
  })
})
