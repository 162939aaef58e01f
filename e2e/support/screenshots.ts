import path from 'node:path'
import type { Page } from 'playwright-core'

/** A folder for the pictures of the documentation; without it none are taken. */
const FOLDER = process.env.REFBOX_SCREENSHOTS

/** Keeps a picture of the page for the documentation, so that it always shows the product as it is. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (FOLDER) await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' })
}
