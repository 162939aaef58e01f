import type { Rect } from '../geometry/rects.ts'
import { inkOn } from './paint-boxes.ts'
import { paintHandles } from './paint-hand.ts'

/** A suggestion as it appears: CSS pixels of the canvas. */
export interface PaintedSuggestion {
  readonly rect: Rect
  readonly colour: string
  /** Model and score. */
  readonly label: string
  readonly isFocused: boolean
}

/** Beyond this many in sight only the one in focus has a chip. */
const MAX_CHIPS = 60
const DASH = [6, 4]
const FONT = '500 11px system-ui, sans-serif'
const CHIP_HEIGHT = 16
const CHIP_PADDING = 4

/** Draws what models propose: dashed in the colour of its expression, with a chip below that says by which model. */
export function paintSuggestions(
  context: CanvasRenderingContext2D,
  suggestions: readonly PaintedSuggestion[],
): void {
  context.save()
  for (const { rect, colour, isFocused } of suggestions) {
    const path = () => {
      context.beginPath()
      context.rect(rect.x, rect.y, rect.width, rect.height)
    }
    if (isFocused) {
      path()
      context.globalAlpha = 0.16
      context.fillStyle = colour
      context.fill()
      context.globalAlpha = 1
    }
    // The gaps are filled with the opposite lightness: visible on snow as well as at night.
    path()
    context.setLineDash([])
    context.lineWidth = isFocused ? 3.5 : 2.5
    context.strokeStyle = inkOn(colour) === '#ffffff' ? 'rgba(255, 255, 255, 0.75)' : 'rgba(0, 0, 0, 0.55)'
    context.stroke()
    context.setLineDash(DASH)
    context.lineWidth = isFocused ? 2.5 : 1.5
    context.strokeStyle = colour
    context.stroke()
  }
  context.setLineDash([])
  const hasChips = suggestions.length <= MAX_CHIPS
  for (const suggestion of suggestions) if (hasChips || suggestion.isFocused) paintChip(context, suggestion)
  for (const { rect, isFocused } of suggestions) if (isFocused) paintHandles(context, rect, false)
  context.restore()
}

/** Below the box, where a box that is annotated has none. */
function paintChip(context: CanvasRenderingContext2D, { rect, colour, label }: PaintedSuggestion): void {
  context.font = FONT
  context.textBaseline = 'middle'
  const width = context.measureText(label).width + 2 * CHIP_PADDING
  const x = Math.max(0, rect.x - 0.75)
  const y = rect.y + rect.height + 1
  context.fillStyle = colour
  context.fillRect(x, y, width, CHIP_HEIGHT)
  context.fillStyle = inkOn(colour)
  context.fillText(label, x + CHIP_PADDING, y + CHIP_HEIGHT / 2 + 0.5)
}
