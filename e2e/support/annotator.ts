import type { Page } from 'playwright-core'
import { Hands } from './hands.ts'

/** Draws with the mouse between two points given as shares of the canvas, as a person would. */
export async function drawBox(page: Page, ...corners: Parameters<Hands['drag']>): Promise<void> {
  const hands = new Hands(page)
  await hands.press('r')
  await hands.drag(...corners)
}
