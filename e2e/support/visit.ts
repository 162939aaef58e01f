import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage } from './browser.ts'
import { Studio } from './studio.ts'

/** A person in front of a studio of their own, at its first page. */
export class Visit {
  readonly studio: Studio
  readonly browser: Browser
  readonly page: Page
  /** Uncaught errors of the page; a journey ends with none. */
  readonly errors: string[]

  private constructor(studio: Studio, browser: Browser, { page, errors }: { page: Page; errors: string[] }) {
    this.studio = studio
    this.browser = browser
    this.page = page
    this.errors = errors
  }

  /** @param options `diskMib`: the studio's data lies on a disk of this size */
  static async begin(options: { diskMib?: number } = {}): Promise<Visit> {
    const studio = await Studio.start({}, options)
    const browser = await openBrowser()
    const visit = new Visit(studio, browser, await openPage(browser))
    await visit.page.goto(studio.url)
    return visit
  }

  async end(): Promise<void> {
    await this.browser.close()
    await this.studio.dispose()
  }
}
