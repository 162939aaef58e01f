import { AssistError, asAssistError } from './assist-error.ts'
import type { RgbImage } from './pillow-resize.ts'

/**
 * Fetches a picture and gives its stored pixels. Nothing may touch them on the way: no colour management
 * and no multiplication by alpha (stored pictures are opaque sRGB already).
 * @throws AssistError image, cancelled
 */
export async function fetchImage(url: string, signal: AbortSignal): Promise<RgbImage> {
  try {
    const response = await fetch(url, { signal })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return await decodeImage(await response.blob())
  } catch (error) {
    const failure = asAssistError(error, 'image')
    throw failure.code === 'cancelled' ? failure : new AssistError('image', `${url}: ${failure.message}`)
  }
}

async function decodeImage(blob: Blob): Promise<RgbImage> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' })
  try {
    const { width, height } = bitmap
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
    if (!context) throw new Error('no 2D canvas')
    context.drawImage(bitmap, 0, 0)
    return { width, height, data: withoutAlpha(context.getImageData(0, 0, width, height).data) }
  } finally {
    bitmap.close()
  }
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number
    rgb[to + 1] = rgba[from + 1] as number
    rgb[to + 2] = rgba[from + 2] as number
  }
  return rgb
}
