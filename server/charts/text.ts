import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { ROOT } from '../env.ts'
import { coveredCodePoints } from './font-coverage.ts'

const DEJAVU = 'dejavu-fonts-ttf/ttf'
const NOTO_SANS_SC = '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified'
const FONT_FILES = {
  'RefBox Sans': [`${DEJAVU}/DejaVuSans.ttf`, `${DEJAVU}/DejaVuSans-Bold.ttf`],
  'RefBox Serif': [`${DEJAVU}/DejaVuSerif.ttf`, `${DEJAVU}/DejaVuSerif-Bold.ttf`],
  'RefBox Condensed': [`${DEJAVU}/DejaVuSansCondensed.ttf`, `${DEJAVU}/DejaVuSansCondensed-Bold.ttf`],
  'RefBox Mono': [`${DEJAVU}/DejaVuSansMono.ttf`, `${DEJAVU}/DejaVuSansMono-Bold.ttf`],
  'RefBox Hand': ['@fontsource/patrick-hand/files/patrick-hand-latin-400-normal.woff'],
  'RefBox Han': [`${NOTO_SANS_SC}-400-normal.woff`, `${NOTO_SANS_SC}-700-normal.woff`],
  'RefBox Brush': ['@fontsource/ma-shan-zheng/files/ma-shan-zheng-chinese-simplified-400-normal.woff'],
} as const
export type FontFamily = keyof typeof FONT_FILES

/** What stands in for a character that a family lacks; together they draw every text that is accepted. */
const LAST_RESORT: readonly FontFamily[] = ['RefBox Sans', 'RefBox Han']

function fontFile(file: string): string {
  return [ROOT, 'node_modules', ...file.split('/')].join(path.sep)
}

let context: SKRSContext2D | undefined

/**
 * The fonts come from packages, not from the machine: the same seed must draw the same text
 * everywhere, and a server may have no fonts at all.
 */
function measuringContext(): SKRSContext2D {
  if (!context) {
    for (const [family, files] of Object.entries(FONT_FILES)) {
      for (const file of files) {
        if (!GlobalFonts.registerFromPath(fontFile(file), family)) {
          throw new Error(`Cannot load the font ${fontFile(file)}.`)
        }
      }
    }
    context = createCanvas(1, 1).getContext('2d')
  }
  return context
}

/** @param families the first that has a character draws it */
export function font(families: readonly FontFamily[], weight: 'normal' | 'bold', size: number): string {
  measuringContext()
  const stack = [...new Set([...families, ...LAST_RESORT])].map((family) => `"${family}"`)
  return `${weight} ${size}px ${stack.join(', ')}`
}

/** Width in pixels of one line. */
export function textWidth(text: string, fontSpec: string): number {
  const canvas = measuringContext()
  canvas.font = fontSpec
  return canvas.measureText(text).width
}

let covered: Set<number> | undefined

/** The first character that our fonts cannot draw, or null. Joiners and variation marks draw nothing. */
export function missingGlyph(text: string): string | null {
  covered ??= new Set(
    LAST_RESORT.flatMap((family) => [...coveredCodePoints(readFileSync(fontFile(FONT_FILES[family][0])))]),
  )
  for (const character of text.replaceAll(/[\n\p{Cf}\p{Mn}]/gu, '')) {
    if (!covered.has(character.codePointAt(0) ?? 0)) return character
  }
  return null
}

/** Signs that may not begin a line. */
const CLOSING = /^[，。、；：？！）】》」』”’,.;:?!)\]}%]/u

/**
 * Lines of about the same width, none wider than `limit` pixels unless a single word is: at spaces, and
 * between Chinese characters. Line breaks of the text stay.
 */
export function wrap(text: string, fontSpec: string, limit: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const width = textWidth(paragraph, fontSpec)
    if (width <= limit) return [paragraph]
    // With exactly an equal share, the last word of every line would fall over its end.
    const rows = Math.ceil(width / limit)
    const widest = Math.max(...pieces(paragraph).map((piece) => textWidth(piece.trim(), fontSpec)))
    return fill(paragraph, fontSpec, Math.min(limit, Math.max(widest, (width / rows) * 1.15)))
  })
}

/** Where a line may break: after a space, before and after a Chinese character. */
function pieces(text: string): string[] {
  const parts = text.match(
    /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]|[^\p{Script=Han}\u3000-\u303f\uff00-\uffef\s]+\s*|\s+/gu,
  )
  return (parts ?? []).reduce<string[]>((list, part) => {
    if (CLOSING.test(part) && list.length > 0) list[list.length - 1] += part
    else list.push(part)
    return list
  }, [])
}

function fill(text: string, fontSpec: string, limit: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces(text)) {
    if (line !== '' && textWidth((line + piece).trimEnd(), fontSpec) > limit) {
      lines.push(line.trimEnd())
      line = piece
    } else line += piece
  }
  lines.push(line.trimEnd())
  return lines
}
