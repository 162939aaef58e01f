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

/** Makes a link for one more person on the settings page. */
export async function invite(page: Page, role: 'Annotator' | 'Reviewer'): Promise<string> {
  await page.getByRole('button', { name: 'Invite…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Role' }).click()
  await page.getByRole('option', { name: role }).click()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.getByLabel('Invitation link').inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()
  return link
}

/** Follows an invitation with a new account and ends on the project's images page. */
export async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(`${name.split(' ')[0]?.toLowerCase()}@example.org`)
  await page.getByLabel('Choose a password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Create account and join' }).click()
  await page.waitForURL(/\/projects\/[^/]+$/)
}
