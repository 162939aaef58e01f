// Two people on one image while everything breaks that can: no network, a dead server, an ended session, a closed
// tab, a browser without room, a full disk.
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawBox } from './support/annotator.ts'
import { openPage } from './support/browser.ts'
import { addPhotos } from './support/images.ts'
import { createOwner, createProject, invite, join, OWNER } from './support/people.ts'
import { screenshot } from './support/screenshots.ts'
import { Visit } from './support/visit.ts'

/** Room for a small studio, and little enough to be filled. */
const DISK_MIB = 64

let visit: Visit
let ada: Page
let bo: Page
let project: string
let image: string
const errors: string[][] = []

beforeAll(async () => {
  visit = await Visit.begin({ diskMib: DISK_MIB })
  ada = visit.page
  const second = await openPage(visit.browser)
  bo = second.page
  errors.push(visit.errors, second.errors)
  await createOwner(ada)
  project = await createProject(ada, 'Photographs')
  await addPhotos(ada, 'rocket.jpg')
  await ada.goto(`${project}/settings`)
  await join(bo, await invite(ada, 'Annotator'), 'Bo Annotator')
  await ada.goto(project)
  await ada.getByRole('listbox').getByRole('option').first().dblclick()
  await ada.waitForURL(/\/annotate\//)
  image = ada.url()
  await bo.goto(image)
})

afterAll(() => visit?.end())

const saved = (on: Page) => on.getByText('Saved', { exact: true }).waitFor()
const row = (on: Page, name: string) => on.getByRole('option', { name: new RegExp(`^${name}: x `) })
const offline = (on: Page, isOffline: boolean) => on.context().setOffline(isOffline)

async function draw(on: Page, name: string): Promise<void> {
  const field = on.getByRole('combobox', { name: 'Add an expression' })
  await field.fill(name)
  await field.press('Enter')
  await drawBox(on, [0.3, 0.3], [0.5, 0.5])
  await row(on, name).waitFor()
}

async function setX(on: Page, name: string, x: string): Promise<void> {
  await row(on, name).click()
  await on.getByLabel('x in pixels').fill(x)
  await on.getByLabel('x in pixels').press('Enter')
}

const withX = (on: Page, name: string, x: string) =>
  on.getByRole('option', { name: new RegExp(`^${name}: x ${x},`) }).waitFor()

describe('two people on one image', () => {
  it('see each other', async () => {
    await ada.getByRole('button', { name: 'Bo Annotator has this image open.' }).waitFor()
    await bo.getByRole('button', { name: `${OWNER.name} has this image open.` }).waitFor()
  })

  it('see what the other draws without reloading', async () => {
    await draw(ada, 'rocket')
    await row(bo, 'rocket').waitFor()
    await draw(bo, 'tower')
    await row(ada, 'tower').waitFor()
    await screenshot(ada, 'annotate-together')
  })

  it('choose side by side when both changed one box, and nothing else is asked', async () => {
    await offline(bo, true)
    await setX(bo, 'rocket', '10')
    await draw(bo, 'cloud')
    await setX(ada, 'rocket', '50')
    await saved(ada)
    await offline(bo, false)
    const question = bo.getByRole('dialog', { name: 'Someone else changed the same records' })
    await question.waitFor()
    expect(await question.getByRole('listitem').count()).toBe(1)
    await question.getByRole('button', { name: /^Yours.*10/ }).click()
    await screenshot(bo, 'annotate-conflict')
    await question.getByRole('button', { name: 'Keep what I chose' }).click()
    await saved(bo)
    await withX(ada, 'rocket', '10')
    await row(ada, 'cloud').waitFor()
  })

  it('keep the work of a server that is killed while somebody draws', async () => {
    visit.studio.kill('web')
    await draw(ada, 'flame')
    await ada.getByText(/Offline: \d+ changes? kept in this browser/).waitFor()
    await saved(ada)
    await row(bo, 'flame').waitFor()
    await ada.getByRole('button', { name: 'Bo Annotator has this image open.' }).waitFor()
  })

  it('go on after signing in again', async () => {
    await offline(bo, true)
    await draw(bo, 'ladder')
    await bo.context().clearCookies()
    await offline(bo, false)
    const dialog = bo.getByRole('dialog', { name: 'Please sign in again' })
    await dialog.getByLabel('Password').fill(OWNER.password)
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await saved(bo)
    await row(ada, 'ladder').waitFor()
  })

  it('find what was unsaved in a tab that was closed', async () => {
    await offline(bo, true)
    await draw(bo, 'star')
    await bo.getByText(/Offline: \d+ changes? kept in this browser/).waitFor()
    const context = bo.context()
    await bo.close()
    await ada
      .getByRole('button', { name: 'Bo Annotator has this image open.' })
      .waitFor({ state: 'detached' })
    await context.setOffline(false)
    bo = await context.newPage()
    await bo.goto(image)
    await row(bo, 'star').waitFor()
    await saved(bo)
    await row(ada, 'star').waitFor()
  })

  it('are warned when the browser has no room to keep unsaved work', async () => {
    // As a full disk answers. The protocol's own override of the quota has no effect on IndexedDB here.
    await ada.evaluate(() => {
      const { put } = IDBObjectStore.prototype
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('No room left.', 'QuotaExceededError')
      }
      Object.assign(window, { makeRoom: () => Object.assign(IDBObjectStore.prototype, { put }) })
    })
    await offline(ada, true)
    await draw(ada, 'moon')
    await ada.getByText('Closing this page now would lose', { exact: false }).waitFor()
    const asked = new Promise<string>((resolve) =>
      ada.once('dialog', async (dialog) => {
        resolve(dialog.type())
        await dialog.dismiss()
      }),
    )
    await ada.close({ runBeforeUnload: true })
    expect(await asked).toBe('beforeunload')
    await ada.evaluate('makeRoom()')
    await offline(ada, false)
    await saved(ada)
    await ada.getByText('Closing this page now would lose', { exact: false }).waitFor({ state: 'detached' })
    await row(bo, 'moon').waitFor()
  })

  it('are told that the disk of the server is full, and lose nothing', async () => {
    const { studio } = visit
    const rest = path.join(studio.dataOnDisk, 'rest')
    fill(rest)
    await draw(ada, 'sun')
    await ada.getByText('The server cannot save, its disk is full: 2 changes kept in this browser').waitFor()
    await screenshot(ada, 'annotate-disk-full')

    const files = await ada.context().newPage()
    await files.goto(project)
    await files.getByText('1 image', { exact: true }).first().waitFor()
    await files
      .locator('input[type=file]:not([webkitdirectory])')
      .first()
      .setInputFiles(path.join(import.meta.dirname, 'fixtures/photos/coffee-on-its-side.jpg'))
    await files
      .getByText(/The disk of the data folder is full/)
      .first()
      .waitFor()
    await files.close()

    rmSync(rest)
    await saved(ada)
    await row(bo, 'sun').waitFor()
  })

  it('raised no error in their pages', () => {
    expect(errors).toEqual([[], []])
  })
})

/** Writes until the disk has no room for one more byte. */
function fill(file: string): void {
  for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }
}
