import type { Rect } from '../geometry/rects.ts'

/** A box as it appears: CSS pixels of the canvas. */
export interface PaintedBox {
  readonly rect: Rect
  readonly colour: string
  /** '' = no chip. */
  readonly label: string
  readonly emphasis: 'normal' | 'active' | 'hovered' | 'selected' | 'locked'
}

/** Beyond this many boxes in sight chips would cover everything and cost most of a frame. */
const MAX_CHIPS = 400
/** Beyond this many, one stroke per colour and nothing else keeps zooming at the display's own pace. */
const MAX_FANCY = 1_500
const HALO_WIDTH = 3.5
const CHIP_FONT = '500 11px system-ui, sans-serif'
const CHIP_HEIGHT = 16
const CHIP_PADDING = 4
const CHIP_MAX_TEXT = 220

const FILL_ALPHA = { normal: 0.06, active: 0.16, hovered: 0.22, selected: 0.18, locked: 0 } as const
const LINE_WIDTH = { normal: 1.5, active: 1.5, hovered: 2.5, selected: 2.5, locked: 0.75 } as const

/** Draws all boxes with one path per look: a call per box is what makes thousands of them slow. */
export function paintBoxes(context: CanvasRenderingContext2D, boxes: readonly PaintedBox[]): void {
  const groups = new Map<string, PaintedBox[]>()
  for (const box of boxes) {
    const key = `${box.emphasis} ${box.colour}`
    const group = groups.get(key)
    if (group) group.push(box)
    else groups.set(key, [box])
  }
  const fancy = boxes.length <= MAX_FANCY
  if (fancy) {
    // A line of the opposite lightness under the coloured one: visible on snow as well as at night.
    const [dark, light] = [
      boxes.filter(({ colour }) => isDark(colour)),
      boxes.filter(({ colour }) => !isDark(colour)),
    ]
    context.lineWidth = HALO_WIDTH
    for (const [group, halo] of [
      [dark, 'rgba(255, 255, 255, 0.75)'],
      [light, 'rgba(0, 0, 0, 0.55)'],
    ] as const) {
      tracePath(context, group)
      context.strokeStyle = halo
      context.stroke()
    }
  }
  for (const group of groups.values()) {
    const [first] = group
    if (!first) continue
    tracePath(context, group)
    if (fancy) {
      context.globalAlpha = FILL_ALPHA[first.emphasis]
      context.fillStyle = first.colour
      context.fill()
      context.globalAlpha = 1
    }
    context.strokeStyle = first.colour
    context.lineWidth = LINE_WIDTH[first.emphasis]
    context.stroke()
  }
  if (boxes.length <= MAX_CHIPS) paintChips(context, boxes)
}

function tracePath(context: CanvasRenderingContext2D, boxes: readonly PaintedBox[]): void {
  context.beginPath()
  for (const { rect } of boxes) context.rect(rect.x, rect.y, rect.width, rect.height)
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

/** White has more contrast with it than black has (relative luminance of WCAG 2). */
function isDark(colour: string): boolean {
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  // 0.179 is where both contrasts are equal.
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) <= 0.179
}
