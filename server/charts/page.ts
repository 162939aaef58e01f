import type { SKRSContext2D } from '@napi-rs/canvas'
import { paintDrawing } from './drawing.ts'
import { LINE_HEIGHT } from './placed-chart.ts'
import type { Random } from './random.ts'
import { patchSize, type Scene, type SceneText } from './scene.ts'
import type { ChartStyle } from './style.ts'
import { font } from './text.ts'

/** Paints paper, things and words; what a scanner adds comes later. */
export function paintScene(canvas: SKRSContext2D, scene: Scene): void {
  paintPaper(canvas, scene)
  for (const { drawing } of scene.things) paintDrawing(canvas, drawing)
  for (const text of scene.texts) paintText(canvas, text, scene.style)
}

function paintPaper(canvas: SKRSContext2D, { width, height, style }: Scene): void {
  canvas.fillStyle = style.page
  canvas.fillRect(0, 0, width, height)
  if (style.paper === 'plain') return
  const step = Math.round(Math.max(width, height) / 36)
  // The sheet reaches over the picture, so that no corner is bare when it lies askew.
  const reach = Math.ceil(0.06 * Math.max(width, height))
  canvas.save()
  canvas.translate(width / 2, height / 2)
  canvas.rotate(style.scan?.rotation ?? 0)
  canvas.translate(-width / 2, -height / 2)
  canvas.fillStyle = style.ink
  canvas.globalAlpha = 0.1
  for (let y = step / 2 - reach; y < height + reach; y += step) {
    if (style.paper !== 'dots') canvas.fillRect(-reach, y, width + 2 * reach, 1)
    else for (let x = step / 2 - reach; x < width + reach; x += step) canvas.fillRect(x, y, 3, 3)
  }
  if (style.paper === 'grid') {
    for (let x = step / 2 - reach; x < width + reach; x += step) {
      canvas.fillRect(x, -reach, 1, height + 2 * reach)
    }
  }
  canvas.restore()
}

function paintText(canvas: SKRSContext2D, text: SceneText, style: ChartStyle): void {
  const { lines, at, fontSize } = text
  canvas.save()
  canvas.translate(at.x, at.y)
  canvas.rotate(style.scan?.rotation ?? 0)
  if (text.patch) {
    const { width, height } = patchSize(text, style)
    canvas.fillStyle = text.patch
    canvas.fillRect(-width / 2, -height / 2, width, height)
  }
  canvas.font = font(style.fonts, style.fontWeight, fontSize)
  canvas.fillStyle = text.colour
  canvas.textAlign = text.align
  canvas.textBaseline = 'middle'
  lines.forEach((line, index) => {
    canvas.fillText(line, 0, (index - (lines.length - 1) / 2) * LINE_HEIGHT * fontSize)
  })
  canvas.restore()
}

/** Adds a scanner's grain and uneven light to RGBA pixels. Positions stay as they are. */
export function addScan(
  data: Uint8ClampedArray,
  { width, height }: { width: number; height: number },
  scan: NonNullable<ChartStyle['scan']>,
  random: Random,
): void {
  const darkX = random.chance(0.5) ? 0 : width
  const darkY = random.chance(0.5) ? 0 : height
  // xorshift32 (Marsaglia 2003): a million pixels need a generator that is inlined.
  let state = random.integer(1, 0x7fffffff)
  let at = 0
  for (let y = 0; y < height; y += 1) {
    const rowLight = 1 - scan.shade * (1 - Math.abs(y - darkY) / height / 2)
    for (let x = 0; x < width; x += 1) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      // Two halves of one number make a triangular grain between -1 and 1.
      const grain = (((state & 0xffff) + (state >>> 16)) / 0xffff - 1) * scan.grain
      const light = rowLight + (scan.shade * Math.abs(x - darkX)) / width / 2
      for (let channel = 0; channel < 3; channel += 1) {
        data[at + channel] = (data[at + channel] as number) * light + grain
      }
      at += 4
    }
  }
}
