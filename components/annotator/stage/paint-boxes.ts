import type { Rect } from '../geometry/rects.ts'

export type Emphasis = 'normal' | 'active' | 'hovered' | 'selected' | 'locked'

/** A box as it appears: CSS pixels of the canvas. */
export interface PaintedBox {
  readonly rect: Rect
  readonly colour: string
  /** '' = no chip. */
  readonly label: string
  readonly emphasis: Emphasis
}

/** Beyond this many boxes in sight chips would cover everything and cost most of a frame. */
const MAX_CHIPS = 400
/** Beyond this many, one thin line each and nothing else keeps zooming at the display's own pace. */
const MAX_FANCY = 1_500
const HALO_WIDTH = 3.5
const CHIP_FONT = '500 11px system-ui, sans-serif'
const CHIP_HEIGHT = 16
const CHIP_PADDING = 4
const CHIP_MAX_TEXT = 220

const FILL_ALPHA = { normal: 0.06, active: 0.16, hovered: 0.22, selected: 0.18, locked: 0 } as const
const LINE_WIDTH = { normal: 1.5, active: 1.5, hovered: 2.5, selected: 2.5, locked: 0.75 } as const
/** Of thousands: whole pixels, which a processor without graphics card fills several times faster. */
const THIN_WIDTH = { normal: 1, active: 1, hovered: 3, selected: 2, locked: 1 } as const

/** The boxes of one look. */
interface Group {
  readonly colour: string
  readonly emphasis: Emphasis
  readonly boxes: PaintedBox[]
}

/**
 * Draws the boxes, those of one look together. `strokeRect` for each of them, never one path for all: without a
 * graphics card 5,000 rectangles took 4 ms so, and 49 ms as a path.
 */
export function paintBoxes(context: CanvasRenderingContext2D, boxes: readonly PaintedBox[]): void {
  const groups = groupsOf(boxes)
  if (boxes.length > MAX_FANCY) paintThin(context, groups)
  else paintFancy(context, groups)
  if (boxes.length <= MAX_CHIPS) paintChips(context, boxes)
}

function paintFancy(context: CanvasRenderingContext2D, groups: readonly Group[]): void {
  // A line of the opposite lightness under the coloured one: visible on snow as well as at night.
  context.lineWidth = HALO_WIDTH
  for (const { colour, boxes } of groups) {
    context.strokeStyle = isDark(colour) ? 'rgba(255, 255, 255, 0.75)' : 'rgba(0, 0, 0, 0.55)'
    for (const { rect } of boxes) context.strokeRect(rect.x, rect.y, rect.width, rect.height)
  }
  for (const { colour, emphasis, boxes } of groups) {
    context.fillStyle = colour
    context.globalAlpha = FILL_ALPHA[emphasis]
    for (const { rect } of boxes) context.fillRect(rect.x, rect.y, rect.width, rect.height)
    context.globalAlpha = 1
    context.strokeStyle = colour
    context.lineWidth = LINE_WIDTH[emphasis]
    for (const { rect } of boxes) context.strokeRect(rect.x, rect.y, rect.width, rect.height)
  }
}

function paintThin(context: CanvasRenderingContext2D, groups: readonly Group[]): void {
  for (const { colour, emphasis, boxes } of groups) {
    context.strokeStyle = colour
    const width = THIN_WIDTH[emphasis]
    context.lineWidth = width
    // The middle of a line of odd width lies in the middle of a pixel.
    const shift = (width % 2) / 2
    for (const { rect } of boxes) {
      const [left, top] = [Math.round(rect.x), Math.round(rect.y)]
      const [right, bottom] = [Math.round(rect.x + rect.width), Math.round(rect.y + rect.height)]
      context.strokeRect(left + shift, top + shift, right - left, bottom - top)
    }
  }
}

/** In the order in which their first boxes come. */
function groupsOf(boxes: readonly PaintedBox[]): Group[] {
  const groups: Group[] = []
  const known: Partial<Record<Emphasis, Map<string, Group>>> = {}
  for (const box of boxes) {
    const { emphasis, colour } = box
    known[emphasis] ??= new Map()
    let group = known[emphasis].get(colour)
    if (!group) {
      group = { emphasis, colour, boxes: [] }
      known[emphasis].set(colour, group)
      groups.push(group)
    }
    group.boxes.push(box)
  }
  return groups
}

function paintChips(context: CanvasRenderingContext2D, boxes: readonly PaintedBox[]): void {
  context.font = CHIP_FONT
  context.textBaseline = 'middle'
  for (const { rect, colour, label } of boxes) {
    if (label === '') continue
    const text = fitted(context, label, Math.max(CHIP_MAX_TEXT, rect.width - 2 * CHIP_PADDING))
    const width = measure(context, text) + 2 * CHIP_PADDING
    const x = Math.max(0, rect.x - 0.75)
    // Above the box, or inside it where there is no room above.
    const y = rect.y >= CHIP_HEIGHT ? rect.y - CHIP_HEIGHT : Math.max(0, rect.y)
    context.fillStyle = colour
    context.fillRect(x, y, width, CHIP_HEIGHT)
    context.fillStyle = inkOn(colour)
    context.fillText(text, x + CHIP_PADDING, y + CHIP_HEIGHT / 2 + 0.5)
  }
}

const widths = new Map<string, number>()

/** Labels repeat; measuring is the slowest part of drawing them. */
function measure(context: CanvasRenderingContext2D, text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  if (widths.size > 5_000) widths.clear()
  const { width } = context.measureText(text)
  widths.set(text, width)
  return width
}

function fitted(context: CanvasRenderingContext2D, text: string, limit: number): string {
  if (measure(context, text) <= limit) return text
  let length = text.length
  while (length > 1 && measure(context, `${text.slice(0, length)}…`) > limit)
    length = Math.floor(length * 0.8)
  return `${text.slice(0, length)}…`
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(colour: string): string {
  return isDark(colour) ? '#ffffff' : '#000000'
}

const darkness = new Map<string, boolean>()

/** White has more contrast with it than black has (relative luminance of WCAG 2). */
function isDark(colour: string): boolean {
  const known = darkness.get(colour)
  if (known !== undefined) return known
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  // 0.179 is where both contrasts are equal.
  const isIt = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) <= 0.179
  darkness.set(colour, isIt)
  return isIt
}
