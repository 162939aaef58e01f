import path from 'node:path'
import type { Page } from 'playwright-core'

const PHOTOS = path.join(import.meta.dirname, '../fixtures/photos')

/** Adds photographs to an empty project one after the other: images stand in the order in which they arrive. */
export async function addPhotos(page: Page, ...names: string[]): Promise<void> {
  await page.getByText('Add the first images').waitFor()
  for (const [place, name] of names.entries()) {
    const input = page.locator('input[type=file]:not([webkitdirectory])').first()
    await input.setInputFiles(path.join(PHOTOS, name))
    await page
      .getByText(place === 0 ? '1 image' : `${place + 1} images`, { exact: true })
      .first()
      .waitFor()
  }
}
