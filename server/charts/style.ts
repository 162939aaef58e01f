import type { ChartEffect, ChartStyleName, DrawOptions } from '../contracts/chart.ts'
import { NodeShape } from '../contracts/chart.ts'
import type { Random } from './random.ts'
import type { FontFamily } from './text.ts'

/** How one picture looks. Lengths are shares of the text's height. */
export interface ChartStyle {
  page: string
  ink: string
  paper: 'plain' | 'grid' | 'dots' | 'ruled'
  /** Colour of the shapes' outline; null = filled shapes without one. */
  stroke: string | null
  fills: Record<NodeShape, string>
  groupFill: string
  textColour: string
  lineWidth: number
  /** Radius of a rectangle's corners as a share of its height; shapes that are round by name have more. */
  rounding: number
  /** Largest distance by which a hand leaves the ideal line; 0 = drawn by machine. */
  jitter: number
  fonts: readonly FontFamily[]
  fontWeight: 'normal' | 'bold'
  routing: 'straight' | 'curved' | 'elbow'
  head: 'filled' | 'open'
  /** Of an arrowhead, beside what the line's own width asks for. */
  headLength: number
  /** What a scanner adds: a page laid askew (radians), grain (levels of 255), uneven light (share). */
  scan: { rotation: number; grain: number; shade: number } | null
  /** Standard deviation of a lens out of focus, pixels; 0 = sharp. */
  blur: number
  /** Quality of a JPEG file, or null for PNG. */
  jpeg: number | null
}

const MACHINE_FONTS: readonly FontFamily[] = [
  'RefBox Sans',
  'RefBox Serif',
  'RefBox Condensed',
  'RefBox Mono',
]

interface Palette {
  page: string
  ink: string
  fills: readonly string[]
}

const CLEAN: readonly Palette[] = [
  { page: '#ffffff', ink: '#1f2937', fills: ['#ffffff'] },
  { page: '#ffffff', ink: '#000000', fills: ['#ffffff'] },
  { page: '#f8fafc', ink: '#334155', fills: ['#ffffff'] },
]
const COLOURED: readonly Palette[] = [
  { page: '#ffffff', ink: '#1e3a5f', fills: ['#dbeafe', '#fef3c7', '#dcfce7', '#ede9fe', '#fee2e2'] },
  { page: '#fbf7ee', ink: '#4a3826', fills: ['#fffdf8', '#f3e3c3', '#e7efd8'] },
  { page: '#f4f6f8', ink: '#0f4c5c', fills: ['#ffffff', '#cdeae5', '#fde7c8'] },
  { page: '#ffffff', ink: '#7a1f3d', fills: ['#fdecef', '#fff7e6', '#eaf4ff'] },
]
const DARK: readonly Palette[] = [
  { page: '#15181e', ink: '#e5e7eb', fills: ['#15181e'] },
  { page: '#1b2430', ink: '#cfe3ff', fills: ['#27405f', '#5a3d1e', '#1f4d3a', '#49315f'] },
  { page: '#0c2d48', ink: '#e8f1f8', fills: ['#0c2d48', '#145374'] },
]
/** Shapes without an outline: strong colours, so that they stand out from the page. */
const SOLID: readonly Palette[] = [
  { page: '#ffffff', ink: '#374151', fills: ['#2563eb', '#b45309', '#047857', '#7c3aed', '#be123c'] },
  { page: '#f3f4f6', ink: '#374151', fills: ['#334155', '#0f766e', '#9a3412'] },
]
const SKETCH: readonly Palette[] = [
  { page: '#ffffff', ink: '#27272a', fills: ['#ffffff'] },
  { page: '#fdfbf5', ink: '#1e3a8a', fills: ['#fdfbf5'] },
  { page: '#ffffff', ink: '#374151', fills: ['#fef9c3', '#dbeafe', '#fce7f3', '#dcfce7'] },
  { page: '#1f3d2f', ink: '#f1f5f0', fills: ['#1f3d2f'] },
]
const PALETTES: Record<ChartStyleName, readonly Palette[]> = {
  clean: CLEAN,
  coloured: COLOURED,
  solid: SOLID,
  dark: DARK,
  sketch: SKETCH,
}

/** Share of the pictures that each chosen effect comes to. */
const EFFECT_SHARE: Record<ChartEffect, number> = { paper: 0.35, scan: 0.25, blur: 0.15, jpeg: 0.5 }

/** A look for one picture, by chance within what was chosen. */
export function inventStyle(
  { styles, effects }: Pick<DrawOptions, 'styles' | 'effects'>,
  random: Random,
): ChartStyle {
  const name = random.pick(styles)
  const palette = random.pick(PALETTES[name])
  const onePerShape = random.chance(0.6)
  const shuffled = random.shuffle(palette.fills)
  const fills = Object.fromEntries(
    NodeShape.options.map((shape, at) => [
      shape,
      shuffled[onePerShape ? at % shuffled.length : 0] ?? palette.page,
    ]),
  ) as Record<NodeShape, string>
  // Chance is used up whether or not an effect was chosen: a seed's other choices stay the same.
  const has = (effect: ChartEffect) => random.chance(EFFECT_SHARE[effect]) && effects.includes(effect)
  const isSketch = name === 'sketch'
  const machineFont = random.pick(MACHINE_FONTS)
  const paper = random.pick(['grid', 'dots', 'ruled'] as const)
  const scan = {
    rotation: random.between(-0.04, 0.04),
    grain: random.between(6, 22),
    shade: random.between(0, 0.18),
  }
  const isScan = has('scan')
  const hasJpeg = has('jpeg')
  return {
    page: palette.page,
    ink: palette.ink,
    paper: has('paper') ? paper : 'plain',
    stroke: name === 'solid' ? null : palette.ink,
    fills,
    groupFill: mix(palette.page, palette.ink, 0.05),
    textColour: name === 'solid' ? '#ffffff' : palette.ink,
    lineWidth: random.between(0.08, 0.2),
    rounding: random.pick([0, 0, 0.12, 0.25]),
    jitter: isSketch ? random.between(0.06, 0.13) : 0,
    fonts: isSketch ? ['RefBox Hand', 'RefBox Brush'] : [machineFont, 'RefBox Han'],
    fontWeight: random.chance(0.3) && !isSketch ? 'bold' : 'normal',
    routing: random.pick(['straight', 'curved', 'elbow', 'elbow'] as const),
    head: random.chance(isSketch ? 0.7 : 0.25) ? 'open' : 'filled',
    headLength: random.between(0.6, 1.2),
    scan: isScan ? scan : null,
    blur: has('blur') ? random.between(0.5, 1.2) : 0,
    jpeg: isScan || hasJpeg ? random.integer(60, 92) : null,
  }
}

/** A colour between two of the form #rrggbb. */
function mix(from: string, to: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16)
  const mixed = [0, 1, 2].map((at) => {
    const value = channel(from, at) + (channel(to, at) - channel(from, at)) * share
    return Math.round(value).toString(16).padStart(2, '0')
  })
  return `#${mixed.join('')}`
}
