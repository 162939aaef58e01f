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
  const image = canvas.getImageData(0, 0, picture.width, picture.height)
  const { data } = image
  const darkCorner = { x: random.chance(0.5) ? 0 : picture.width, y: random.chance(0.5) ? 0 : picture.height }
  const diagonal = Math.hypot(picture.width, picture.height)
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 0; x < picture.width; x += 1) {
      const far = Math.hypot(x - darkCorner.x, y - darkCorner.y) / diagonal
      const light = 1 - scan.shade * (1 - far)
      const grain = (random.next() + random.next() - 1) * scan.grain
      const at = (y * picture.width + x) * 4
      for (let channel = 0; channel < 3; channel += 1) {
        data[at + channel] = (data[at + channel] ?? 0) * light + grain
      }
    }
  }
  canvas.putImageData(image, 0, 0)
}
