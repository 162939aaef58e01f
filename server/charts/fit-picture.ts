import type { DrawOptions, SourceProblem } from '../contracts/chart.ts'
import type { Random } from './random.ts'

/** Width over height: beyond this the tiles of a small model see shapes of a few pixels only. */
const ASPECT = { low: 0.62, high: 1.9 }
/** Most by which one axis may be stretched against the other to fill the picture. */
const STRETCH = 2
/** Text below this height is hard to read, so a chart with many shapes takes a larger picture. */
const EASY_TEXT = 13
/** Below this nobody can read it. */
const LEAST_TEXT = 6

export interface PictureFrame {
  width: number
  height: number
  scaleX: number
  scaleY: number
  /** Where the chart's own origin lies. */
  left: number
  top: number
  fontSize: number
}

/** The chart has so many shapes that its text could not be read. */
export class ChartTooLarge extends Error {
  override readonly name = 'ChartTooLarge'

  constructor(textHeight: number, side: number) {
    super(`Its text would be ${textHeight.toFixed(1)} pixels high at ${side} pixels.`)
  }
}

/** What a person is told about a chart that cannot be drawn. @throws any other error */
export function tooManyShapes(file: string, error: unknown): SourceProblem {
  if (!(error instanceof ChartTooLarge)) throw error
  return { file, line: null, reason: 'tooManyShapes', detail: error.message }
}

/**
 * A picture about as wide or tall as the chart, and the scales that fill it. The axes may differ by up
 * to STRETCH, so that a plain row of steps still has shapes of a good size.
 * @param unit height of the text in the chart's own units
 * @throws ChartTooLarge
 */
export function fitPicture(
  chart: { width: number; height: number; unit: number; mayStretch: boolean },
  { low, high }: DrawOptions['size'],
  random: Random,
): PictureFrame {
  const wanted = (chart.width / chart.height) * random.between(0.85, 1.15)
  const aspect = Math.min(ASPECT.high, Math.max(ASPECT.low, wanted))
  const marginShare = random.between(0.06, 0.1)
  const scaleAt = (long: number) => {
    const width = aspect >= 1 ? long : Math.round(long * aspect)
    const height = aspect >= 1 ? Math.round(long / aspect) : long
    const margin = Math.min(width, height) * marginShare
    const fitX = (width - 2 * margin) / chart.width
    const fitY = (height - 2 * margin) / chart.height
    return { width, height, margin, fitX, fitY, scale: Math.min(fitX, fitY) }
  }
  const byChance = random.integer(low, high)
  const forReading = Math.ceil((EASY_TEXT / (chart.unit * scaleAt(high).scale)) * high)
  const fit = scaleAt(Math.min(high, Math.max(byChance, forReading)))
  const fontSize = chart.unit * fit.scale
  if (fontSize < LEAST_TEXT) throw new ChartTooLarge(fontSize, high)
  const stretch = chart.mayStretch ? random.between(1.2, STRETCH) : 1
  const scaleX = Math.min(fit.fitX, fit.scale * stretch)
  const scaleY = Math.min(fit.fitY, fit.scale * stretch)
  const spareX = fit.width - 2 * fit.margin - chart.width * scaleX
  const spareY = fit.height - 2 * fit.margin - chart.height * scaleY
  return {
    width: fit.width,
    height: fit.height,
    scaleX,
    scaleY,
    left: fit.margin + spareX * random.between(0.2, 0.8),
    top: fit.margin + spareY * random.between(0.2, 0.8),
    fontSize,
  }
}
