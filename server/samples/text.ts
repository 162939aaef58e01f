import path from 'node:path'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { ROOT } from '../env.ts'

const FONT_FILES = {
  'RefBox Sans': ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'],
  'RefBox Serif': ['DejaVuSerif.ttf', 'DejaVuSerif-Bold.ttf'],
  'RefBox Condensed': ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'],
  'RefBox Mono': ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'],
} as const
export type FontFamily = keyof typeof FONT_FILES

let context: SKRSContext2D | undefined

/**
 * The fonts come from a package, not from the machine: the same seed must draw the same text
 * everywhere, and a server may have no fonts at all.
 */
function measuringContext(): SKRSContext2D {
  if (!context) {
    for (const [family, files] of Object.entries(FONT_FILES)) {
      for (const file of files) {
        const font = path.join(ROOT, 'node_modules/dejavu-fonts-ttf/ttf', file)
        if (!GlobalFonts.registerFromPath(font, family)) throw new Error(`Cannot load the font ${font}.`)
      }
    }
    context = createCanvas(1, 1).getContext('2d')
  }
  return context
}

export function font(family: FontFamily, weight: 'normal' | 'bold', size: number): string {
  measuringContext()
  return `${weight} ${size}px "${family}"`
}

/** Width in pixels of one line. */
export function textWidth(text: string, fontSpec: string): number {
  const canvas = measuringContext()
  canvas.font = fontSpec
  return canvas.measureText(text).width
}

/** One line for one word, two balanced lines for more when one would be wider than `limit` pixels. */
export function wrap(text: string, fontSpec: string, limit: number): string[] {
  const words = text.split(' ')
  if (words.length === 1 || textWidth(text, fontSpec) <= limit) return [text]
  const breaks = words.slice(1).map((_, at) => {
    const lines = [words.slice(0, at + 1).join(' '), words.slice(at + 1).join(' ')]
    return { lines, width: Math.max(...lines.map((line) => textWidth(line, fontSpec))) }
  })
  return breaks.reduce((best, next) => (next.width < best.width ? next : best)).lines
}
