import type { RgbImage } from '../pillow-resize.ts'

/** The picture of the fixtures; the same formula as `picture` of trainer/tests/make_resize_golden.py. */
export function picture(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const edge = ((Math.floor(x / 4) + Math.floor(y / 3) + channel) % 2) * 255
        const texture = (x * 37 + y * 91 + channel * 53 + x * y) % 256
        data[(y * width + x) * 3 + channel] = (x + y) % 5 === 0 ? texture : edge
      }
    }
  }
  return { width, height, data }
}
