// A data set drawn from one's own charts: what is wrong with them is said, what is right becomes pictures with boxes.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOwner } from './support/people.ts'
import { Visit } from './support/visit.ts'

const MERMAID = `flowchart TD
  A([Start]) --> B{Paid?}
  B -->|yes| C[Ship it]
  B -->|no| D[/Invoice/]
  C --> E([End])
  D --> E
`
const DOT = 'digraph {\n  开始 [shape=ellipse]\n  检查 [shape=diamond]\n  开始 -> 检查\n}\n'

let visit: Visit
let page: Page
let errors: string[]

beforeAll(async () => {
  visit = await Visit.begin()
  ;({ page, errors } = visit)
  await createOwner(page)
})

afterAll(() => visit?.end())

const dialog = () => page.getByRole('dialog', { name: 'Draw a data set' })

function giveFiles(files: Record<string, string>): Promise<void> {
  const chosen = Object.entries(files).map(([name, text]) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  }))
  return page.getByTestId('choose-charts').setInputFiles(chosen)
}

describe('drawing a data set', () => {
  it('shows some of the pictures before anything is made', async () => {
    await page.getByRole('button', { name: 'Draw a data set' }).first().click()
    await giveFiles({ 'orders.mmd': MERMAID, '检查.dot': DOT })
    await dialog()
      .getByAltText(/^orders.*: 10 boxes$/)
      .waitFor({ timeout: 30_000 })
  })

  it('names the file and the line of what cannot be read, and draws nothing', async () => {
    await giveFiles({ 'broken.mmd': 'flowchart TD\n  A --> B\n  B -->\n' })
    const problems = dialog().getByRole('alert')
    await problems.getByText('broken.mmd, line 3').waitFor()
    expect(
      await dialog()
        .getByRole('button', { name: /^Draw \d+ pictures$/ })
        .isEnabled(),
    ).toBe(false)
    await dialog().getByRole('button', { name: 'Remove broken.mmd' }).click()
    await problems.waitFor({ state: 'detached' })
  })

  it('draws every chart as often as asked, into a project with its classes', async () => {
    await dialog().getByLabel('Name of the project').fill('Orders')
    await dialog().getByLabel('Pictures of each chart').fill('3')
    await dialog().getByLabel('Random charts').fill('4')
    await dialog().getByRole('button', { name: 'Draw 10 pictures' }).click()
    await page.waitForURL(/\/projects\/[^/]+$/)
    await page.getByText('10 images').first().waitFor({ timeout: 60_000 })
    await page.getByText('decision', { exact: true }).first().waitFor()
  })

  it('gives boxes that a person can correct like their own', async () => {
    await page
      .getByLabel(/^orders_0001\.(jpg|png), /)
      .first()
      .dblclick()
    await page.waitForURL(/\/annotate\//)
    const conversation = page.getByRole('region', { name: 'Conversation' })
    await conversation.getByText(/<ref>decision<\/ref><box>\[\[\d+, \d+, \d+, \d+\]\]<\/box>/).waitFor()
    expect(await page.getByRole('option', { name: /^arrow: x / }).count()).toBe(5)
    expect(errors).toEqual([])
  })
})
