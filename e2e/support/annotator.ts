import type { Page } from 'playwright-core'

type Share = readonly [x: number, y: number]

/** Draws with the mouse between two points given as shares of the canvas, as a person would. */
export async function drawBox(page: Page, from: Share, to: Share): Promise<void> {
  const canvas = page.getByLabel(/^Image with /)
  const area = await canvas.boundingBox()
  if (!area) throw new Error('The canvas is not on the page.')
  const at = ([x, y]: Share) => [area.x + x * area.width, area.y + y * area.height] as const
  await page.keyboard.press('r')
  await page.mouse.move(...at(from))
  await page.mouse.down()
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]))
  await page.mouse.move(...at(to))
  await page.mouse.up()
}
