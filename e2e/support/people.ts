import type { Page } from 'playwright-core'

export const OWNER = { name: 'Ada Owner', email: 'ada@example.org', password: 'a sentence to remember' }

/** Fills the form of the first visit and waits for the projects. */
export async function createOwner(page: Page, code?: string): Promise<void> {
  await page.getByLabel('Name').fill(OWNER.name)
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Choose a password').fill(OWNER.password)
  if (code) await page.getByLabel('One-time code').fill(code)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'New project' }).first().waitFor()
}

/** Makes a project by the dialog and ends on its images page. @returns the page's address */
export async function createProject(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'New project' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await page.waitForURL(/\/projects\/[^/]+$/)
  return page.url()
}
