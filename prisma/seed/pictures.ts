import sharp, { type Sharp } from 'sharp'

export interface PictureOptions {
  width?: number
  height?: number
  /** Different seeds make different pictures. */
  seed?: number
}

/**
 * A picture whose corners can be told apart: left top red, right top green, left bottom blue, right bottom
 * white; a seed shifts the shades a little.
 */
export function picture({ width = 64, height = 48, seed = 0 }: PictureOptions = {}): Sharp {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data.set(shade(x < width / 2, y < height / 2, seed), (y * width + x) * 3)
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

function shade(left: boolean, top: boolean, seed: number): [number, number, number] {
  const low = seed % 100
  const middle = Math.floor(seed / 100) % 100
  if (top) return left ? [200, low, middle] : [low, 180, middle]
  return left ? [low, middle, 220] : [240, 240 - low, 240 - middle]
}

/** Red, green and blue in the middle of a quarter of the picture, whatever its orientation. */
export async function colourAt(
  bytes: Buffer | string,
  corner: 'leftTop' | 'rightTop' | 'leftBottom' | 'rightBottom',
): Promise<number[]> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const x = Math.floor(info.width * (corner.startsWith('left') ? 0.25 : 0.75))
  const y = Math.floor(info.height * (corner.endsWith('Top') ? 0.25 : 0.75))
  const at = (y * info.width + x) * info.channels
  return [...data.subarray(at, at + 3)]
}
