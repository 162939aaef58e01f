import { readFile } from 'node:fs/promises'
import sharp, { type Metadata, type Sharp } from 'sharp'
import { type ImageBaking, MAX_PIXELS } from '../contracts/image.ts'
import { temporaryFile } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'
import { isSrgbProfile } from './colour-profile.ts'
import { explainDecodeError } from './decode-error.ts'
import { IngestRefused } from './ingest-refused.ts'
import { readBmp } from './read-bmp.ts'
import type { ImageFormat } from './sniff-format.ts'

export interface BakedImage {
  /** The given file itself when nothing had to be changed, else a new temporary file. */
  file: string
  mediaType: string
  width: number
  height: number
  baking: ImageBaking
}

/** Formats that browsers and the trainer read alike, so that a file may stay byte for byte as it came. */
const KEPT: Partial<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
}
const JPEG_QUALITY = 95

/** Nothing but the first frame or page; cut-off and broken pixel data is an error, a warning is not. */
export const DECODE_OPTIONS = { failOn: 'error', pages: 1, limitInputPixels: MAX_PIXELS } as const

/**
 * Turns a file into the one picture that every other part sees: orientation applied, sRGB, no alpha (on
 * white), 8 bits. JPEG stays JPEG (quality 95, full chroma), everything else becomes PNG; metadata goes.
 * @throws IngestRefused tooManyPixels (from the header, before decoding), truncated, notAnImage, damaged
 */
export async function bakeImage(paths: DataPaths, file: string, format: ImageFormat): Promise<BakedImage> {
  const { picture, width, height, baking } =
    format === 'bmp' ? await openBmp(file) : await openWithSharp(file, format)
  const { format: _, ...changes } = baking
  const kept = KEPT[format]
  if (kept && !Object.values(changes).includes(true)) return { file, mediaType: kept, width, height, baking }

  const target = await temporaryFile(paths, '.baked')
  const flat = picture.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb')
  const isJpeg = format === 'jpeg'
  const encoded = isJpeg
    ? flat.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' })
    : flat.png({ compressionLevel: 6 })
  try {
    const written = await encoded.toFile(target)
    const mediaType = isJpeg ? 'image/jpeg' : 'image/png'
    return { file: target, mediaType, width: written.width, height: written.height, baking }
  } catch (error) {
    throw await explainDecodeError(error, file, format)
  }
}

interface Opened {
  picture: Sharp
  width: number
  height: number
  baking: ImageBaking
}

async function openWithSharp(file: string, format: ImageFormat): Promise<Opened> {
  const header = await sharp(file, { ...DECODE_OPTIONS, limitInputPixels: false })
    .metadata()
    .catch(async (error: unknown) => {
      throw await explainDecodeError(error, file, format)
    })
  const decodedAs = header.format === 'heif' ? 'avif' : header.format
  if (decodedAs !== format) throw new IngestRefused('notAnImage', header.format)
  requirePixelLimit(header.width, header.height)
  return {
    picture: sharp(file, DECODE_OPTIONS),
    width: header.width,
    height: header.height,
    baking: {
      format,
      orientation: (header.orientation ?? 1) !== 1,
      colour: needsColourConversion(header),
      alpha: header.hasAlpha === true,
      depth: header.depth !== 'uchar',
      container: !KEPT[format] || (header.pages ?? 1) > 1,
    },
  }
}

async function openBmp(file: string): Promise<Opened> {
  const { data, width, height, hasAlpha } = readBmp(await readFile(file))
  return {
    picture: sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: MAX_PIXELS }),
    width,
    height,
    baking: {
      format: 'bmp',
      orientation: false,
      colour: false,
      alpha: hasAlpha,
      depth: false,
      container: true,
    },
  }
}

function needsColourConversion(header: Metadata): boolean {
  if (header.space === 'cmyk') return true
  return header.icc !== undefined && !isSrgbProfile(header.icc)
}

function requirePixelLimit(width: number, height: number): void {
  if (width * height > MAX_PIXELS) throw new IngestRefused('tooManyPixels', `${width} × ${height}`)
}
