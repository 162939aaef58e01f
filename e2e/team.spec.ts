// The work of a team: what is asked of each, done, returned with a reason, mended, accepted, and counted.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawBox } from './support/annotator.ts'
import { openPage } from './support/browser.ts'
import { addPhotos } from './support/images.ts'
import { createOwner, createProject, invite, join } from './support/people.ts'
import { screenshot } from './support/screenshots.ts'
import { Visit } from './support/visit.ts'

const REASON = 'The box cuts the handle off.'

let visit: Visit
let owner: Page
let annotator: Page
let reviewer: Page
let project: string
const errors: string[][] = []

beforeAll(async () => {
  visit = await Visit.begin()
  owner = visit.page
  const others = [await openPage(visit.browser), await openPage(visit.browser)] as const
  annotator = others[0].page
  reviewer = others[1].page
  errors.push(visit.errors, others[0].errors, others[1].errors)
  await createOwner(owner)
  project = await createProject(owner, 'Photographs')
  await addPhotos(owner, 'coffee-on-its-side.jpg', 'rocket.jpg')
})

afterAll(() => visit?.end())

const canvas = (page: Page) => page.getByLabel(/^Image with /)
const boxes = (page: Page) => page.getByRole('option', { name: / x [\d.]+, y / })
const saved = (page: Page) => page.getByText('Saved', { exact: true }).waitFor()
const status = (page: Page, name: string) => page.locator('header').getByText(name, { exact: true }).waitFor()

async function shown(page: Page, fileName: string): Promise<void> {
  await page.getByRole('heading', { name: fileName }).waitFor()
  await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
}

/** What the links above the grid ask for, and the first image of it. */
async function openAsked(page: Page, link: string): Promise<void> {
  const listed = page.waitForResponse(/images\.(list|positions)/)
  await page.getByRole('button', { name: link }).click()
  await listed
  await page.getByRole('listbox').getByRole('option').first().dblclick()
}

async function draw(page: Page, name: string): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Add an expression' })
  await field.fill(name)
  await field.press('Enter')
  await drawBox(page, [0.35, 0.35], [0.6, 0.6])
  await boxes(page).first().waitFor()
}

describe('a team', () => {
  it('is invited by links and gets its images', async () => {
    await owner.goto(`${project}/settings`)
    await join(annotator, await invite(owner, 'Annotator'), 'Bo Annotator')
    await join(reviewer, await invite(owner, 'Reviewer'), 'Cy Reviewer')

    await owner.goto(project)
    await owner.getByRole('button', { name: 'All of these' }).click()
    await owner.getByRole('menuitem', { name: 'Assign 2 images…' }).click()
    await owner.getByRole('checkbox', { name: 'Bo Annotator' }).click()
    await owner.getByRole('button', { name: 'Assign', exact: true }).click()
    await owner.getByText('2 images are assigned').waitFor()
  })

  it('says by key that the work on an image is done, and goes on to the next that waits', async () => {
    await annotator.reload()
    await openAsked(annotator, 'My 2 images')
    await shown(annotator, 'coffee-on-its-side.jpg')
    await draw(annotator, 'cup')
    await canvas(annotator).press('Enter')
    await annotator.getByRole('heading', { name: 'coffee-on-its-side.jpg' }).waitFor({ state: 'detached' })
    await shown(annotator, 'rocket.jpg')
    await draw(annotator, 'rocket')
    await saved(annotator)
    await canvas(annotator).press('Enter')
    await annotator.getByText('That was the last image.').waitFor()
    await status(annotator, 'Done')
  })

  it('is not offered what its role does not allow', async () => {
    await canvas(annotator).press('Shift+R')
    expect(annotator.url()).not.toContain('mode=review')
    await canvas(annotator).press('?')
    const sheet = annotator.getByRole('dialog')
    await sheet.getByText('Show or hide the history').waitFor()
    expect(await sheet.getByText('Begin or end the review').count()).toBe(0)
    await annotator.keyboard.press('Escape')
  })

  it('reviews what is done: returns one image with a reason, accepts the other by key', async () => {
    await reviewer.reload()
    await reviewer.getByRole('button', { name: 'Review 2' }).click()
    await shown(reviewer, 'coffee-on-its-side.jpg')
    await screenshot(reviewer, 'annotate-review')
    await boxes(reviewer).first().click()
    await canvas(reviewer).press('Shift+Enter')
    const dialog = reviewer.getByRole('dialog', { name: 'Return this image' })
    await dialog.getByLabel('What is to be done').fill(REASON)
    await reviewer.keyboard.press('Control+Enter')
    await shown(reviewer, 'rocket.jpg')
    await canvas(reviewer).press('Enter')
    await reviewer.getByText('Nothing else here waits for a verdict.').waitFor()
    await status(reviewer, 'Accepted')
  })

  it('sees over the picture why an image came back', async () => {
    await annotator.goto(project)
    await openAsked(annotator, '1 returned to me')
    await shown(annotator, 'coffee-on-its-side.jpg')
    await annotator.getByText('Cy Reviewer returned this image:').waitFor()
    await annotator.getByText(REASON).first().waitFor()
    await annotator.getByRole('button', { name: `Comment 1: ${REASON}` }).waitFor()
  })

  it('brings an earlier revision back, as a step that can be undone', async () => {
    const before = await boxes(annotator).first().getAttribute('data-box')
    await boxes(annotator).first().click()
    await canvas(annotator).press('Delete')
    await boxes(annotator).first().waitFor({ state: 'detached' })
    await saved(annotator)
    await canvas(annotator).press('Shift+Z')
    const history = annotator.getByRole('complementary', { name: 'History' })
    await history.getByRole('button', { name: /^Bo Annotator revisions 1–\d/ }).click()
    await history.getByRole('button', { name: /^revision 1 / }).click()
    await history.getByText('1 box added').waitFor()
    await history.getByRole('button', { name: 'Bring this state back' }).click()
    await boxes(annotator).first().waitFor()
    expect(await boxes(annotator).first().getAttribute('data-box')).toBe(before)
    await canvas(annotator).press('Control+z')
    await boxes(annotator).first().waitFor({ state: 'detached' })
    await canvas(annotator).press('Control+Shift+z')
    await boxes(annotator).first().waitFor()
    await saved(annotator)
  })

  it('mends what was returned and has it accepted', async () => {
    await boxes(annotator).first().click()
    await canvas(annotator).press('Control+Shift+ArrowRight')
    await canvas(annotator).press('Enter')
    await status(annotator, 'Done')
    await reviewer.goto(project)
    await reviewer.getByRole('button', { name: 'Review 1' }).click()
    await shown(reviewer, 'coffee-on-its-side.jpg')
    await canvas(reviewer).press('Enter')
    await reviewer.getByText('Nothing else here waits for a verdict.').waitFor()
    await status(reviewer, 'Accepted')
  })

  it('is shown what each did and how it was judged', async () => {
    await owner.goto(`${project}/team`)
    const row = owner.getByRole('row', { name: /Bo Annotator/ })
    await row.getByText('0 of 2').waitFor()
    await row.getByText('67% of 3').waitFor()
    expect(
      await owner
        .getByRole('row', { name: /Cy Reviewer/ })
        .getByRole('cell')
        .last()
        .innerText(),
    ).toBe('3')
    await owner.getByText('No second opinion yet').waitFor()
    await screenshot(owner, 'team')
    expect(errors).toEqual([[], [], []])
  })
})
