import type { SKRSContext2D } from '@napi-rs/canvas'
import type { Random } from './random.ts'
import type { ChartStyle } from './style.ts'

export function paintPaper(
  canvas: SKRSContext2D,
  picture: { width: number; height: number },
  style: ChartStyle,
): void {
  canvas.fillStyle = style.page
  canvas.fillRect(0, 0, picture.width, picture.height)
  if (style.paper === 'plain') return
  const step = 32
  canvas.fillStyle = style.ink
  canvas.globalAlpha = 0.1
  for (let x = step / 2; x < picture.width; x += step) {
    if (style.paper === 'grid') canvas.fillRect(x, 0, 1, picture.height)
    else for (let y = step / 2; y < picture.height; y += step) canvas.fillRect(x, y, 3, 3)
  }
  if (style.paper === 'grid') {
    for (let y = step / 2; y < picture.height; y += step) canvas.fillRect(0, y, picture.width, 1)
  }
  canvas.globalAlpha = 1
}

/** Adds a scanner's grain and uneven light to the finished picture. Positions stay as they are. */
export function addScan(
  canvas: SKRSContext2D,
  picture: { width: number; height: number },
  scan: NonNullable<ChartStyle['scan']>,
  random: Random,
): void {
  const { width, height } = picture
  const image = canvas.getImageData(0, 0, width, height)
  const { data } = image
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
  canvas.putImageData(image, 0, 0)
}
