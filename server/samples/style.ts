import { NODE_KINDS, type NodeKind } from './chart.ts'
import type { Random } from './random.ts'
import type { FontFamily } from './text.ts'

/** How one picture looks. Lengths are pixels of the finished picture. */
export interface ChartStyle {
  page: string
  ink: string
  paper: 'plain' | 'grid' | 'dots'
  /** Colour of the shapes' outline; null = filled shapes without one. */
  stroke: string | null
  fills: Record<NodeKind, string>
  textColour: string
  lineWidth: number
  /** Radius of a process's corners as a share of its height. */
  rounding: number
  /** Largest distance by which a hand leaves the ideal line; 0 = drawn by machine. */
  jitter: number
  fontFamily: FontFamily
  fontWeight: 'normal' | 'bold'
  routing: 'straight' | 'curved' | 'elbow'
  /** What a scanner adds: a page laid askew (radians), grain (levels of 255), uneven light (share). */
  scan: { rotation: number; grain: number; shade: number } | null
  /** How the picture is stored; scanners and many tools write JPEG. */
  file: 'png' | 'jpg'
}

const FONT_FAMILIES: readonly FontFamily[] = [
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

const LIGHT: readonly Palette[] = [
  { page: '#ffffff', ink: '#1f2937', fills: ['#ffffff'] },
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

export function inventStyle(random: Random): ChartStyle {
  const look = random.pick(['light', 'light', 'light', 'dark', 'solid', 'hand', 'scan'] as const)
  const palette = random.pick(look === 'dark' ? DARK : look === 'solid' ? SOLID : LIGHT)
  const onePerKind = random.chance(0.6)
  const shuffled = random.shuffle(palette.fills)
  const fills = Object.fromEntries(
    NODE_KINDS.map((kind, at) => [kind, shuffled[onePerKind ? at % shuffled.length : 0] ?? palette.page]),
  ) as Record<NodeKind, string>
  return {
    page: palette.page,
    ink: palette.ink,
    paper: random.pick(['plain', 'plain', 'plain', 'grid', 'dots'] as const),
    stroke: look === 'solid' ? null : palette.ink,
    fills,
    textColour: look === 'solid' ? '#ffffff' : palette.ink,
    lineWidth: random.integer(2, 6),
    rounding: random.pick([0, 0, 0.12, 0.25]),
    jitter: look === 'hand' ? random.between(1.5, 3.5) : 0,
    fontFamily: random.pick(FONT_FAMILIES),
    fontWeight: random.chance(0.3) ? 'bold' : 'normal',
    routing: random.pick(['straight', 'curved', 'elbow', 'elbow'] as const),
    scan:
      look === 'scan'
        ? {
            rotation: random.between(-0.025, 0.025),
            grain: random.between(6, 22),
            shade: random.between(0, 0.18),
          }
        : null,
    file: look === 'scan' || random.chance(0.5) ? 'jpg' : 'png',
  }
}
