// Asking a model for boxes: in the browser for one picture, on the server for several; and what a person makes of it.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iou } from '../server/grounding/match.ts'
import { addPhotos } from './support/images.ts'
import { createOwner, createProject } from './support/people.ts'
import { screenshot } from './support/screenshots.ts'
import { Visit } from './support/visit.ts'
import { readZip } from './support/zip.ts'

/** Making the browser bundle of the bundled base is part of it, on a machine that does other things too. */
const MODEL_MS = 150_000
/** Where the things were painted, in pixels. */
const RED_CAPSULE = [120, 193, 151, 205] as const

let visit: Visit
let page: Page
let errors: string[]
let projectUrl: string

beforeAll(async () => {
  visit = await Visit.begin()
  ;({ page, errors } = visit)
  await createOwner(page)
  projectUrl = await createProject(page, 'Scenes')
  await addPhotos(page, '../scenes/red-capsule.png', '../scenes/yellow-capsule.png')
})

afterAll(() => visit?.end())

const canvas = () => page.getByLabel(/^Image with /)
const boxes = () => page.getByRole('option', { name: /^[^,]+: x [\d.]+, y / })
const suggestions = () => page.getByRole('option', { name: /, suggested by / })
const said = (words: string | RegExp) => page.getByText(words).first().waitFor()

async function openImage(name: string): Promise<void> {
  await page
    .getByLabel(new RegExp(`^${name}, `))
    .first()
    .dblclick()
  await page.waitForURL(/\/annotate\//)
  await canvas().waitFor()
  await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
}

async function cornersOf(attribute: 'data-box' | 'data-suggestion') {
  const row = attribute === 'data-box' ? boxes() : suggestions()
  const [x = 0, y = 0, width = 0, height = 0] =
    (await row.first().getAttribute(attribute))?.split(' ').map(Number) ?? []
  return [x, y, x + width, y + height] as const
}

describe('asking a model for boxes', { timeout: MODEL_MS + 30_000 }, () => {
  it('finds a phrase that was just typed, without any box, and says by which model and how', async () => {
    await openImage('red-capsule.png')
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    const field = page.getByRole('combobox', { name: 'Add an expression' })
    await field.fill('the red capsule')
    await field.press('Control+Enter')
    await suggestions().first().waitFor({ timeout: MODEL_MS })
    await said(/^RefBox-Nano · WASM, 2 threads · 1 question in [\d.]+ s$/)
    await said('1 suggestion: Y accepts, U rejects.')
    expect(iou(await cornersOf('data-suggestion'), RED_CAPSULE)).toBeGreaterThan(0.5)
    expect(await suggestions().first().getAttribute('aria-label')).toMatch(
      /suggested by RefBox-Nano, \d+% sure/,
    )
    await screenshot(page, 'suggestion')
    expect(await boxes().count()).toBe(0)
    await canvas().and(page.getByLabel('Image with no boxes')).waitFor()
  })

  it('accepts by key as one step that is undone and done again', async () => {
    const place = await cornersOf('data-suggestion')
    await canvas().press('y')
    await boxes().first().waitFor()
    expect(await suggestions().count()).toBe(0)
    expect(await cornersOf('data-box')).toEqual(place)
    await page.getByText('RefBox-Nano', { exact: false }).first().waitFor()
    await canvas().press('Control+z')
    await suggestions().first().waitFor()
    expect(await boxes().count()).toBe(0)
    await canvas().press('Control+Shift+z')
    await boxes().first().waitFor()
    await page.getByText('Saved', { exact: true }).waitFor()
  })

  it('does not offer what is annotated already', async () => {
    await canvas().press('q')
    await said('Nothing new found. 1 is annotated already.')
    expect(await suggestions().count()).toBe(0)
  })

  it('rejects by key, and what was rejected does not come back by itself', async () => {
    const field = page.getByRole('combobox', { name: 'Add an expression' })
    await field.fill('the yellow hexagon')
    await field.press('Control+Enter')
    await suggestions().first().waitFor()
    await canvas().press('u')
    await said('No suggestions left')
    await canvas().press('q')
    await said('The model found nothing. 1 was rejected before.')
    expect(await suggestions().count()).toBe(0)
    await page.getByRole('button', { name: 'Bring back 1 rejected suggestion' }).click()
    await suggestions().first().waitFor()
  })

  it('asks for everything at once, and stops when it is told to', async () => {
    await page.getByRole('button', { name: 'Find all' }).click()
    await said(/^RefBox-Nano · WASM, 2 threads · 2 questions in /)
    await page.getByRole('button', { name: 'Find all' }).click()
    await said(/^Asking RefBox-Nano for “the red capsule”, 1 of 2$/)
    await canvas().press('Escape')
    await page.getByText(/^Asking RefBox-Nano/).waitFor({ state: 'detached' })
  })

  it('prelabels a filter on the server and leads through what came of it', async () => {
    await page.goto(`${projectUrl}?q=yellow`)
    await page.getByRole('button', { name: 'All of these' }).click()
    await page.getByRole('menuitem', { name: 'Prelabel 1 image…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Prelabel 1 image' })
    await dialog.getByLabel('Free phrases').fill('the yellow capsule\nthe blue elephant')
    await screenshot(page, 'prelabel')
    await dialog.getByRole('button', { name: 'Prelabel', exact: true }).click()
    await said('2 questions about 1 image are in the queue.')
    await page
      .getByText(/^[12] suggestions? from RefBox-Nano$/)
      .first()
      .waitFor({ timeout: MODEL_MS })
    await screenshot(page, 'prelabelled')
    await page.getByRole('button', { name: 'Show images with suggestions' }).click()
    await page.waitForURL(/q=suggestions/)
    await openImage('yellow-capsule.png')
    await suggestions().first().waitFor()
    await page.reload()
    await page.getByRole('option', { name: /^the yellow capsule, suggested by RefBox-Nano/ }).waitFor()
    await screenshot(page, 'prelabelled-image')
  })

  it('keeps what nobody accepted out of the export', async () => {
    await page.goto(`${projectUrl}/dataset`)
    await page.getByRole('button', { name: 'Freeze a version' }).first().click()
    const sheet = page.getByRole('dialog')
    // One picture is all there is; the split rule might hold it out.
    await sheet.getByLabel('Validation share, %').fill('0')
    await sheet.getByRole('button', { name: 'Freeze one record' }).click()
    await page.getByText('Version 1 is frozen.').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download InternVL export' }).click(),
    ])
    const files = await readZip(await download.path())
    const text = [...files]
      .flatMap(([name, content]) => (/\.jsonl?$/.test(name) ? String(content) : []))
      .join('')
    expect(text).toContain('<ref>the red capsule</ref><box>[[')
    expect(text).not.toContain('yellow')
  })

  it('takes an accepted suggestion off the list of the next visit', async () => {
    await page.goto(`${projectUrl}?q=suggestions:open`)
    await openImage('yellow-capsule.png')
    await suggestions().first().waitFor()
    await canvas().press('Shift+Y')
    await page.getByText('Saved', { exact: true }).waitFor()
    await canvas().press('Alt+j')
    await said('No other image has suggestions that wait.')
    await page.goto(`${projectUrl}?q=suggestions:open`)
    await said('No image matches')
    expect(errors).toEqual([])
  })
})
