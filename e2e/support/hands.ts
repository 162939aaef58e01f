import type { Page } from 'playwright-core'

type Share = readonly [x: number, y: number]

/** Mouse and keyboard of a person, counted: a key with what is held down, a click and a drag are one each. */
export class Hands {
  #count = 0
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** What was done since the last call. */
  counted(): number {
    const count = this.#count
    this.#count = 0
    return count
  }

  async press(keys: string): Promise<void> {
    this.#count += 1
    await this.#page.keyboard.press(keys)
  }

  /** Letters of a text: not counted. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text)
  }

  async click(at: Share): Promise<void> {
    this.#count += 1
    await this.#page.mouse.click(...(await this.#pixels(at)))
  }

  async drag(from: Share, to: Share): Promise<void> {
    this.#count += 1
    await this.#page.mouse.move(...(await this.#pixels(from)))
    await this.#page.mouse.down()
    await this.#page.mouse.move(...(await this.#pixels([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])))
    await this.#page.mouse.move(...(await this.#pixels(to)))
    await this.#page.mouse.up()
  }

  /** Places are shares of the canvas. */
  async #pixels([x, y]: Share): Promise<[x: number, y: number]> {
    const area = await this.#page.getByLabel(/^Image with /).boundingBox()
    if (!area) throw new Error('The canvas is not on the page.')
    return [area.x + x * area.width, area.y + y * area.height]
  }
}
