import { type Clipping, readClipping } from './clipping.ts'

/** Where copied boxes are kept; injected into actions, so that tests have one of their own. */
export interface Clipboard {
  keep: (clipping: Clipping) => void
  kept: () => Clipping | null
}

const KEY = 'refbox-clipboard'

/**
 * This tab's own memory, which goes from image to image wherever the studio runs, and the system's
 * clipboard, which also reaches other tabs but exists on https and localhost only.
 */
export const browserClipboard: Clipboard = {
  keep: (clipping) => {
    const text = JSON.stringify(clipping)
    try {
      sessionStorage.setItem(KEY, text)
    } catch {
      // Too much for this browser's quota: the system's clipboard may still take it.
    }
    navigator.clipboard?.writeText(text).catch(() => undefined)
  },
  kept: () => readClipping(sessionStorage.getItem(KEY) ?? ''),
}
