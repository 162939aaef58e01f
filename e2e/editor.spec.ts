// What one does all day in the editor: many boxes at once, keys only, two fingers, from image to image.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawBox } from './support/annotator.ts'
import { addPhotos } from './support/images.ts'
import { createOwner, createProject } from './support/people.ts'
import { Visit } from './support/visit.ts'

let visit: Visit
let page: Page
let errors: string[]

beforeAll(async () => {
  visit = await Visit.begin()
  ;({ page, errors } = visit)
  await createOwner(page)
  await createProject(page, 'Photographs')
  await addPhotos(page, 'rocket.jpg', 'coffee-on-its-side.jpg')
  await page
    .getByLabel(/^coffee-on-its-side\.jpg, /)
    .first()
    .dblclick()
  await page.waitForURL(/\/annotate\//)
  await shown()
})

afterAll(() => visit?.end())

const canvas = () => page.getByLabel(/^Image with /)
const boxes = () => page.getByRole('option', { name: / x [\d.]+, y / })
const said = (words: string | RegExp) => page.getByText(words).first().waitFor()
const scale = async () => Number((await canvas().getAttribute('data-viewport'))?.split(' ')[0])

async function shown(): Promise<void> {
  await canvas().waitFor()
  await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
}

async function name(text: string): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Add an expression' })
  await field.fill(text)
  await field.press('Enter')
}

describe('the editor', () => {
  it('makes, moves and resizes a box by keyboard alone and says where it is', async () => {
    await name('cup')
    await canvas().press('b')
    await boxes().first().waitFor()
    const before = await boxes().first().getAttribute('data-box')
    const [x = 0, y = 0, width = 0, height = 0] = before?.split(' ').map(Number) ?? []
    await canvas().press('ArrowRight')
    await canvas().press('Shift+ArrowDown')
    await canvas().press('Control+ArrowRight')
    await canvas().press('Control+Shift+ArrowDown')
    await said(`x ${x + 1}, y ${y + 10}, width ${width + 1}, height ${height + 10}`)
  })

  it('moves several boxes at once and takes that back in one step', async () => {
    await drawBox(page, [0.2, 0.2], [0.3, 0.3])
    await canvas().press('v')
    await canvas().press('Control+a')
    await said('2 boxes selected')
    const places = () => boxes().evaluateAll((rows) => rows.map((row) => row.getAttribute('data-box')))
    const before = await places()
    await canvas().press('Shift+ArrowRight')
    await canvas().press('Control+z')
    await said('Undone: nudge')
    expect(await places()).toEqual(before)
  })

  it('does not touch what is locked', async () => {
    await canvas().press('l')
    await canvas().press('Delete')
    await said('Locked. Unlock the boxes or their expression first.')
    await canvas().press('Alt+l')
    expect(await boxes().count()).toBe(2)
  })

  it('zooms with two fingers without drawing', async () => {
    const area = await canvas().boundingBox()
    if (!area) throw new Error('The canvas is not on the page.')
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2]
    const before = await scale()
    const devtools = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...apart: number[]) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: apart.map((dx, id) => ({ x: x + dx, y, id })),
      })
    await canvas().press('r')
    await touch('touchStart', -60)
    await touch('touchStart', -60, 60)
    await touch('touchMove', -120, 120)
    await touch('touchEnd')
    expect((await scale()) / before).toBeCloseTo(2, 1)
    expect(await boxes().count()).toBe(2)
    await canvas().press('0')
  })

  it('copies boxes to another image, and those of the previous image only once', async () => {
    await canvas().press('v')
    await canvas().press('Control+a')
    await canvas().press('Control+c')
    await said('2 boxes copied')
    const here = page.url()
    await canvas().press('a')
    await page.waitForURL((url) => url.href !== here)
    await shown()
    await canvas().press('Control+v')
    await said('2 boxes pasted.')
    await canvas().press('Control+z')
    await name('rocket')
    await drawBox(page, [0.4, 0.4], [0.6, 0.6])
    await canvas().press('d')
    await page.waitForURL((url) => url.href === here)
    await shown()
    await canvas().press('Control+p')
    await said('1 box copied from the previous image.')
    await canvas().press('Control+p')
    await said('All boxes of the previous image are here already.')
    expect(await boxes().count()).toBe(3)
  })

  it('takes nothing half done along to another image', async () => {
    const here = page.url()
    const field = page.getByRole('combobox', { name: 'Add an expression' })
    await field.fill('half a na')
    await page.getByRole('button', { name: 'Previous image' }).click()
    await page.waitForURL((url) => url.href !== here)
    await shown()
    expect(await field.inputValue()).toBe('')
    const there = await boxes().count()

    const area = await canvas().boundingBox()
    if (!area) throw new Error('The canvas is not on the page.')
    const at = (share: number) => [area.x + area.width * share, area.y + area.height * share] as const
    await canvas().press('r')
    await page.mouse.move(...at(0.3))
    await page.mouse.down()
    await page.mouse.move(...at(0.5))
    // The focus went to the picture with the image: the next key is for it.
    await page.keyboard.press('d')
    await page.waitForURL((url) => url.href === here)
    await page.mouse.move(...at(0.6))
    await page.mouse.up()
    expect(await boxes().count()).toBe(3)
    await page.keyboard.press('a')
    await page.waitForURL((url) => url.href !== here)
    await shown()
    expect(await boxes().count()).toBe(there)
    await page.keyboard.press('d')
    await page.waitForURL((url) => url.href === here)
    await shown()
  })

  it('keeps a class in the list whose only box has gone', async () => {
    await name('saucer')
    await canvas().press('b')
    await page.getByText('Saved', { exact: true }).waitFor()
    await canvas().press('Delete')
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('list', { name: 'Expressions' }).getByTitle('saucer', { exact: true }).waitFor()
  })

  it('warns of a phrase for one thing that has two boxes', async () => {
    await name('the handle')
    await drawBox(page, [0.1, 0.7], [0.2, 0.8])
    await drawBox(page, [0.7, 0.7], [0.8, 0.8])
    await page.getByRole('button', { name: /^Speaks of one thing but has 2 boxes\./ }).waitFor()
  })

  it('keeps a note with the image', async () => {
    const note = page.getByRole('textbox', { name: 'Note' })
    await canvas().press('Shift+N')
    await page.keyboard.type('Is the cup upside down?')
    const answered = page.waitForResponse(/annotations\.setNote/)
    await note.blur()
    await answered
    await page.reload()
    await shown()
    expect(await note.inputValue()).toBe('Is the cup upside down?')
  })

  it('takes the keys of another tool, and a key of one’s own after asking', async () => {
    await canvas().press('Control+/')
    const dialog = page.getByRole('dialog', { name: 'Shortcuts of the editor' })
    await dialog.getByRole('radio', { name: 'CVAT' }).click()
    await dialog
      .getByRole('button', { name: /^Change the key of “Lock or unlock the selected boxes”/ })
      .click()
    await page.keyboard.press('n')
    await dialog.getByText('It belongs to “Draw a box”.').waitFor()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Done', exact: true }).click()
    await canvas().press('v')
    await canvas().press('n')
    expect(await page.getByRole('button', { name: 'Draw a box' }).getAttribute('aria-pressed')).toBe('true')
    expect(errors).toEqual([])
  })
})
