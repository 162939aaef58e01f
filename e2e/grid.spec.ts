// The grid of a project that is far larger than a screen: to its end and back, ranges over what was never in sight,
// the filter, and the way into the editor and back to the same place.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedManyImages } from '../prisma/seed/many-images.ts'
import { openStudio } from '../server/studio.ts'
import { createOwner, createProject } from './support/people.ts'
import { screenshot } from './support/screenshots.ts'
import { Visit } from './support/visit.ts'

const COUNT = 3_000

let visit: Visit
let page: Page

beforeAll(async () => {
  visit = await Visit.begin()
  page = visit.page
  await createOwner(page)
  const address = await createProject(page, 'A plant')
  await page.getByText('Add the first images').waitFor()
  const studio = await openStudio(visit.studio.dataDir)
  const people = await studio.db.user.findMany({ select: { id: true } })
  await seedManyImages(studio, address.split('/').at(-1) ?? '', { count: COUNT, people })
  await studio.db.$disconnect()
  await page.reload()
})

afterAll(() => visit?.end())

const grid = () => page.getByRole('listbox', { name: 'Images' })
const tile = (number: number) =>
  grid().getByRole('option', { name: new RegExp(`frame_${String(number).padStart(6, '0')}\\.png, `) })
const filterBox = () => page.getByLabel('Filter images')

describe('a grid of thousands of images', () => {
  it('jumps to its end and back by key, whatever was loaded', async () => {
    await page.getByText('3,000 images').first().waitFor()
    await tile(0).click()
    await page.keyboard.press('End')
    await tile(COUNT - 1).waitFor()
    await page.getByRole('heading', { name: /frame_002999\.png$/ }).waitFor()
    expect(await tile(0).count()).toBe(0)
    await screenshot(page, 'grid')
    await page.keyboard.press('Home')
    await tile(0).waitFor()
  })

  it('chooses a range over images that were never in sight, and changes all of them', async () => {
    await tile(2).click()
    await page.keyboard.press('Shift+End')
    await page.getByText(`${(COUNT - 2).toLocaleString('en')} selected`).waitFor()
    await page.getByRole('button', { name: 'Split', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Test' }).click()
    await page.getByText(`${(COUNT - 2).toLocaleString('en')} images are now in: Test`).waitFor()
    await page.keyboard.press('Escape')
    await filterBox().fill('split:test')
    await page.getByText(`${(COUNT - 2).toLocaleString('en')} of 3,000 images`).waitFor()
    await filterBox().fill('')
    await page.getByText('3,000 images', { exact: true }).waitFor()
  })

  it('completes a filter, counts what it finds and keeps it in the address', async () => {
    await filterBox().fill('deci')
    await filterBox().fill('label:deci')
    await page.getByRole('option', { name: 'decision', exact: true }).waitFor()
    await page.keyboard.press('Tab')
    await filterBox().pressSequentially('boxes>3 -status:accepted')
    const wanted = 'label:decision boxes>3 -status:accepted'
    await page.waitForURL((url) => url.searchParams.get('q') === wanted)
    await grid()
      .getByRole('option', { name: /Accepted|, (no boxes|[1-3] box)/ })
      .first()
      .waitFor({ state: 'detached' })
    await page.getByText(/^\d+ of 3,000 images$/).waitFor()
    const labels = await grid().getByRole('option').all()
    for (const label of await Promise.all(labels.map((option) => option.getAttribute('aria-label')))) {
      expect(Number(/, (\d+) boxes/.exec(label ?? '')?.[1])).toBeGreaterThan(3)
      expect(label).not.toContain('Accepted')
    }
  })

  it('says what there is when a key is unknown', async () => {
    await filterBox().fill('lable:decision')
    await filterBox().press('Enter')
    await page.getByRole('alert').getByText('There is no “lable”. There are: label, text, boxes').waitFor()
    await filterBox().fill('status:done')
    await filterBox().press('Enter')
  })

  it('comes back from the editor to the same place', async () => {
    const others = grid().getByRole('option', { name: /, (New|In work|Accepted|Returned)\b/ })
    await others.first().waitFor({ state: 'detached' })
    await grid()
      .getByRole('option', { name: /, Done\b/ })
      .first()
      .click()
    await page.keyboard.press('End')
    const last = page.getByRole('option', { selected: true })
    const name = (await last.getAttribute('aria-label'))?.split(',')[0] ?? ''
    const scrolled = () => grid().evaluate((element) => element.scrollTop)
    const before = await scrolled()
    expect(before).toBeGreaterThan(1_000)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/annotate\/.*q=status/)
    await page.getByRole('heading', { name }).waitFor()
    await page.goBack()
    await last.waitFor()
    expect(await last.getAttribute('aria-label')).toContain(name)
    expect(Math.abs((await scrolled()) - before)).toBeLessThan(2)
  })

  it('ends without an error of the page', () => {
    expect(visit.errors).toEqual([])
  })
})
