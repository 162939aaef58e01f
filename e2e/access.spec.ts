// Who cannot see the page or hold a mouse works with it too: axe looks at every page and at what opens over it,
// light and dark; then one image is annotated with the keyboard alone.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCALE_COOKIE } from '../components/i18n/locale.ts'
import { barriers } from './support/access.ts'
import { addPhotos } from './support/images.ts'
import { createOwner, createProject, OWNER } from './support/people.ts'
import { Visit } from './support/visit.ts'

let visit: Visit
let page: Page
let errors: string[]
let project: string

beforeAll(async () => {
  visit = await Visit.begin()
  ;({ page, errors } = visit)
})

afterAll(() => visit?.end())

const canvas = () => page.getByLabel(/^Image with /)

/** Looks at the page in both lights. */
async function bothLights(): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await barriers(page)).map((line) => `${colorScheme}: ${line}`))
  }
  return found
}

async function dialogOf(button: string): Promise<string[]> {
  await page.getByRole('button', { name: button }).first().click()
  await page.getByRole('dialog').waitFor()
  const found = await bothLights()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return found
}

describe('axe', () => {
  it('finds nothing serious on the way in', async () => {
    await page.getByLabel('Choose a password').waitFor()
    expect(await bothLights()).toEqual([])
    await createOwner(page)
    expect(await bothLights()).toEqual([])
  })

  it('finds nothing serious on the images page, empty and filled', async () => {
    project = await createProject(page, 'Photographs')
    await page.getByText('Add the first images').waitFor()
    expect(await bothLights()).toEqual([])
    await addPhotos(page, 'rocket.jpg', 'chelsea.webp')
    const tile = page.getByLabel(/^rocket\.jpg, /).first()
    await tile.click()
    await page.getByRole('heading', { name: 'rocket.jpg' }).waitFor()
    expect(await bothLights()).toEqual([])
  })

  it('finds nothing serious in the editor and in what opens over it', async () => {
    await page
      .getByLabel(/^rocket\.jpg, /)
      .first()
      .dblclick()
    await canvas().waitFor()
    await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
    const field = page.getByRole('combobox', { name: 'Add an expression' })
    await field.fill('rocket')
    await field.press('Enter')
    await canvas().press('b')
    await page.getByRole('option', { name: /^rocket: x / }).waitFor()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(await bothLights()).toEqual([])
    for (const key of ['?', 'Control+k', 'Control+/']) {
      await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor()
      expect([key, ...(await bothLights())]).toEqual([key])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })

  it('finds nothing serious on the other pages of a project and on the models', async () => {
    for (const [path, heading] of [
      ['/dataset', 'Dataset'],
      ['/runs', 'Runs'],
      ['/review', 'Review'],
      ['/team', 'Team'],
      ['/settings', 'Settings'],
    ] as const) {
      await page.goto(`${project}${path}`)
      await page.getByRole('heading', { name: heading }).first().waitFor({ state: 'attached' })
      await page.locator('main').waitFor()
      expect([path, ...(await bothLights())]).toEqual([path])
    }
    expect(await dialogOf('Invite…')).toEqual([])
    await page.goto(`${visit.studio.url}/models`)
    await page.getByText('RefBox-Nano').first().waitFor()
    expect(await bothLights()).toEqual([])
    expect(await dialogOf('Add a model')).toEqual([])
  })

  it('finds nothing serious where a version is frozen and a run is prepared', async () => {
    await page.goto(`${project}/dataset`)
    expect(await dialogOf('Freeze a version')).toEqual([])
    await page.goto(`${project}/nothing-here`)
    expect(await bothLights()).toEqual([])
  })

  it('finds nothing serious in Chinese', async () => {
    await page.goto(project)
    await page.context().addCookies([{ name: LOCALE_COOKIE, value: 'zh', url: visit.studio.url }])
    await page.reload()
    await page.locator('html[lang^=zh]').waitFor({ state: 'attached' })
    expect(await bothLights()).toEqual([])
  })

  it('finds nothing serious on the sign-in page', async () => {
    await page.context().clearCookies()
    await page.goto(visit.studio.url)
    await page.getByLabel('E-mail').waitFor()
    expect(await bothLights()).toEqual([])
    await page.getByLabel('E-mail').fill(OWNER.email)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').first().waitFor()
    expect(await bothLights()).toEqual([])
  })
})

/** Goes on with Tab, as one does without a mouse, until what is looked for has the focus. */
async function tabTo(selector: string): Promise<void> {
  const passed: string[] = []
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${selector}:focus`).count()) > 0) return
    passed.push(await page.evaluate(() => document.activeElement?.textContent ?? ''))
  }
  throw new Error(`Tab does not lead to ${selector}; it passes ${passed.join(' | ')}`)
}

describe('the keyboard alone', () => {
  it('opens a project and an image, names, makes, moves and resizes a box, and goes on', async () => {
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Photographs' }).first().waitFor()
    await tabTo('main a[href*="/projects/"]')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/projects\/[^/]+$/)
    await page.getByLabel(/^chelsea\.webp, /).waitFor()
    await tabTo('[role=listbox][aria-label=Images]')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/annotate\//)
    await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
    await page.locator('[aria-label^="Image with"]:focus').waitFor()
    await page.keyboard.press('e')
    await page.keyboard.type('the cat')
    await page.keyboard.press('Enter')
    await page.keyboard.press('b')
    const box = page.getByRole('option', { name: /^the cat: x / })
    const [x = 0, y = 0, width = 0, height = 0] = await numbers(box)
    for (const key of ['Shift+ArrowRight', 'ArrowDown', 'Control+Shift+ArrowRight', 'Control+ArrowDown']) {
      await page.keyboard.press(key)
    }
    await page.getByText(`x ${x + 10}, y ${y + 1}, width ${width + 10}, height ${height + 1}`).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => !url.pathname.includes('/annotate/') || !url.href.includes('chelsea'))
  })
})

async function numbers(box: Locator): Promise<number[]> {
  await box.waitFor()
  return (await box.getAttribute('data-box'))?.split(' ').map(Number) ?? []
}

describe('the pages', () => {
  it('raised no error', () => {
    expect(errors).toEqual([])
  })
})
