// Annotating when things go wrong: no network, two tabs on one image, phrases that would break the training text.
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawBox } from './support/annotator.ts'
import { createOwner, createProject } from './support/people.ts'
import { Visit } from './support/visit.ts'

const PHOTO = path.join(import.meta.dirname, 'fixtures/photos')

let visit: Visit
let page: Page
let errors: string[]

beforeAll(async () => {
  visit = await Visit.begin()
  ;({ page, errors } = visit)
  await createOwner(page)
  await createProject(page, 'Photographs')
  await page.getByText('Add the first images').waitFor()
  await page
    .locator('input[type=file]:not([webkitdirectory])')
    .first()
    .setInputFiles([path.join(PHOTO, 'coffee-on-its-side.jpg'), path.join(PHOTO, 'rocket.jpg')])
  await page.getByText('2 images').first().waitFor()
  await page
    .getByLabel(/^coffee-on-its-side\.jpg, /)
    .first()
    .dblclick()
  await page.waitForURL(/\/annotate\//)
})

afterAll(() => visit?.end())

async function nameExpression(on: Page, text: string): Promise<void> {
  const field = on.getByRole('combobox', { name: 'Add an expression' })
  await field.fill(text)
  await field.press('Enter')
}

const saved = (on: Page) => on.getByText('Saved', { exact: true }).waitFor()
const boxRow = (on: Page, name: string) => on.getByRole('option', { name: new RegExp(`^${name}: x `) })

describe('annotating', () => {
  it('refuses a phrase with tags at entry and says why', async () => {
    await nameExpression(page, 'a <box> of tea')
    await page.getByText('Without < and >: they mark the tags of the training text.').waitFor()
  })

  it('takes quotes, emoji and Chinese as they are', async () => {
    const phrase = 'the "hot" 杯子 ☕'
    await nameExpression(page, phrase)
    await drawBox(page, [0.3, 0.3], [0.6, 0.7])
    await page
      .getByRole('region', { name: 'Conversation' })
      .getByText(`<ref>${phrase}</ref><box>[[`, { exact: false })
      .first()
      .waitFor()
    await saved(page)
  })

  it('keeps what is drawn while the network is off and sends it afterwards', async () => {
    await nameExpression(page, 'spoon')
    await page.context().setOffline(true)
    await drawBox(page, [0.62, 0.5], [0.8, 0.8])
    await page.getByText(/Offline: \d+ changes? kept in this browser/).waitFor()
    await page.context().setOffline(false)
    await saved(page)
    await page.reload()
    await boxRow(page, 'spoon').waitFor()
  })

  it('shows in each of two tabs what the other saves', async () => {
    const other = await page.context().newPage()
    await other.goto(page.url())
    await page.getByRole('button', { name: 'You have this image open in another tab.' }).waitFor()
    await boxRow(other, 'spoon').click()
    await other.getByLabel('x in pixels').fill('10')
    await other.getByLabel('x in pixels').press('Enter')
    await page.getByRole('option', { name: /^spoon: x 10,/ }).waitFor()
    await nameExpression(page, 'saucer')
    await drawBox(page, [0.2, 0.6], [0.5, 0.9])
    await boxRow(other, 'saucer').waitFor()
    await other.close()
    await saved(page)
  })

  it('says that a class is not in the image, by key', async () => {
    await nameExpression(page, 'fork')
    await page.locator('body').click({ position: { x: 5, y: 5 } })
    await page.keyboard.press('n')
    await page.getByText('not in image').first().waitFor()
    await page
      .getByRole('region', { name: 'Conversation' })
      .getByText('There is no <ref>fork</ref> in this image.')
      .waitFor()
    await saved(page)
  })

  it('raised no error in the page', () => {
    expect(errors).toEqual([])
  })
})
