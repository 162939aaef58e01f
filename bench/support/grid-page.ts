import type { Page } from 'playwright-core'

/** What somebody sees of the grid, sampled frame by frame inside the page. */
export interface Scrolled {
  /** Milliseconds between two frames. */
  frames: number[]
  /** Frames in which a tile in sight was not known yet. */
  empty: number
  /** Frames in which a tile in sight was known and its picture not there yet. */
  blank: number
}

declare global {
  interface Window {
    grid: {
      look: () => { tiles: number; empty: number; blank: number; isBusy: boolean }
      /** @returns milliseconds from `since` to the first frame after which all in sight is there */
      painted: (since: number, withPictures: boolean) => Promise<number>
      /** What is there now does not count for the next `painted`: another list is on its way. */
      expectOther: () => void
      scroll: (pixelsPerSecond: number, milliseconds: number) => Promise<Scrolled>
      jump: (share: number) => Promise<number>
    }
  }
}

/** Makes `window.grid` on every page of this tab. */
export async function watchGrid(page: Page): Promise<void> {
  // The loader of TypeScript wraps functions in a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => {
    const LONGEST_MS = 20_000
    const scroller = () => document.querySelector<HTMLElement>('[role=listbox][aria-multiselectable]')
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
    const look = () => {
      const box = scroller()
      const section = document.querySelector('section[aria-busy]')
      const seen = { tiles: 0, empty: 0, blank: 0, isBusy: section?.ariaBusy !== 'false' }
      // Nothing matches, which is an answer too.
      if (!box && section && !section.querySelector('[aria-busy]')) seen.tiles = 1
      if (!box) return seen
      const { top, bottom } = box.getBoundingClientRect()
      for (const tile of box.querySelectorAll<HTMLElement>('[data-position]')) {
        const area = tile.getBoundingClientRect()
        if (area.bottom <= top || area.top >= bottom) continue
        seen.tiles += 1
        const picture = tile.querySelector('img')
        if (tile.role !== 'option') seen.empty += 1
        else if (!picture?.complete || picture.naturalWidth === 0) seen.blank += 1
      }
      return seen
    }
    let old: HTMLElement | null = null
    const expectOther = () => {
      old = scroller()
    }
    const painted = async (since: number, withPictures: boolean) => {
      for (;;) {
        await frame()
        if (old && old === scroller() && performance.now() - since < LONGEST_MS) continue
        old = null
        const { tiles, empty, blank, isBusy } = look()
        const now = performance.now()
        if (tiles > 0 && empty === 0 && !isBusy && (blank === 0 || !withPictures)) return now - since
        if (now - since > LONGEST_MS)
          throw new Error(`Of ${tiles} tiles ${empty} are empty and ${blank} blank.`)
      }
    }
    const scroll = async (pixelsPerSecond: number, milliseconds: number) => {
      const box = scroller()
      if (!box) throw new Error('There is no grid.')
      const result = { frames: [] as number[], empty: 0, blank: 0 }
      const start = await frame()
      const from = box.scrollTop
      for (let before = start; before - start < milliseconds; ) {
        const now = await frame()
        const { empty, blank } = look()
        if (empty > 0) result.empty += 1
        else if (blank > 0) result.blank += 1
        result.frames.push(now - before)
        before = now
        box.scrollTop = from + ((now - start) / 1000) * pixelsPerSecond
      }
      return result
    }
    const jump = async (share: number) => {
      const box = scroller()
      if (!box) throw new Error('There is no grid.')
      const since = performance.now()
      box.scrollTop = (box.scrollHeight - box.clientHeight) * share
      await frame()
      return painted(since, true)
    }
    window.grid = { look, painted, expectOther, scroll, jump }
  })
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
