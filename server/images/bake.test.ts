import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BmpCompression, encode } from 'bmp-ts'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { colourAt, picture } from '../../prisma/seed/pictures.ts'
import { type DataPaths, dataPaths } from '../storage/paths.ts'
import { type BakedImage, bakeImage } from './bake.ts'
import { IngestRefused } from './ingest-refused.ts'
import { sniffFormat } from './sniff-format.ts'

let paths: DataPaths
beforeEach(() => {
  paths = dataPaths(mkdtempSync(path.join(tmpdir(), 'refbox-bake-')))
})
afterEach(() => rmSync(paths.root, { recursive: true }))

const RED = [200, 0, 0]
const GREEN = [0, 180, 0]

function bake(bytes: Buffer): Promise<BakedImage> {
  const file = path.join(paths.root, 'upload')
  writeFileSync(file, bytes)
  const format = sniffFormat(bytes)
  if (!format || format === 'zip') throw new Error(`not a picture: ${format}`)
  return bakeImage(paths, file, format)
}

async function refusalOf(bytes: Buffer): Promise<string> {
  const error = await bake(bytes).catch((thrown: unknown) => thrown)
  if (!(error instanceof IngestRefused)) throw error
  return error.reason
}

function near(actual: number[], expected: number[], tolerance: number): void {
  const gap = Math.max(...actual.map((value, index) => Math.abs(value - (expected[index] ?? 0))))
  expect(gap, `${actual} is not ${expected}`).toBeLessThanOrEqual(tolerance)
}

test('plain JPEG, PNG and WebP stay byte for byte as they came', async () => {
  for (const bytes of [
    await picture().jpeg().toBuffer(),
    await picture().png().toBuffer(),
    await picture().webp().toBuffer(),
    await picture().greyscale().png().toBuffer(),
    await picture().jpeg().withIccProfile('srgb').toBuffer(),
  ]) {
    const baked = await bake(bytes)
    expect(readFileSync(baked.file).equals(bytes)).toBe(true)
    expect(baked).toMatchObject({ width: 64, height: 48 })
    expect(Object.values(baked.baking).filter((change) => change === true)).toEqual([])
  }
})

test('a photograph that lies on its side is stood up, and the tag is gone', async () => {
  // Orientation 6: the first row of the file is the right edge of the picture.
  const baked = await bake(await picture().jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer())
  expect(baked).toMatchObject({ width: 48, height: 64, mediaType: 'image/jpeg' })
  expect(baked.baking).toMatchObject({ orientation: true, colour: false, format: 'jpeg' })
  const stored = readFileSync(baked.file)
  near(await colourAt(stored, 'rightTop'), RED, 6)
  near(await colourAt(stored, 'rightBottom'), GREEN, 6)
  const { orientation, exif, chromaSubsampling } = await sharp(stored).metadata()
  expect({ orientation, exif, chromaSubsampling }).toEqual({
    orientation: undefined,
    exif: undefined,
    chromaSubsampling: '4:4:4',
  })
})

test('a wide-gamut photograph looks the same in sRGB', async () => {
  const p3 = await picture()
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .withIccProfile('p3')
    .toBuffer()
  const baked = await bake(p3)
  expect(baked.baking.colour).toBe(true)
  const stored = readFileSync(baked.file)
  near(await colourAt(stored, 'leftTop'), RED, 8)
  expect((await sharp(stored).metadata()).icc).toBeUndefined()
})

test('CMYK becomes sRGB', async () => {
  const baked = await bake(await picture().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer())
  expect(baked).toMatchObject({ mediaType: 'image/jpeg' })
  expect(baked.baking.colour).toBe(true)
  const stored = readFileSync(baked.file)
  expect((await sharp(stored).metadata()).space).toBe('srgb')
  // A press cannot print pure red and green, so this is only about which is which.
  const [red = 0, green = 0] = await colourAt(stored, 'leftTop')
  expect(red).toBeGreaterThan(green + 80)
})

test('what shows through is white', async () => {
  const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#ff000000' } })
    .png()
    .toBuffer()
  const baked = await bake(clear)
  expect(baked.baking.alpha).toBe(true)
  expect(await colourAt(baked.file, 'leftTop')).toEqual([255, 255, 255])
  expect((await sharp(baked.file).metadata()).hasAlpha).toBe(false)
})

test('16 bits become 8', async () => {
  const deep = await picture().toColourspace('rgb16').png().toBuffer()
  expect((await sharp(deep).metadata()).depth).toBe('ushort')
  const baked = await bake(deep)
  expect(baked.baking.depth).toBe(true)
  expect((await sharp(baked.file).metadata()).depth).toBe('uchar')
  near(await colourAt(baked.file, 'leftTop'), RED, 1)
})

test('GIF, TIFF and AVIF become PNG, the first frame of them', async () => {
  const frames = await sharp(
    [await picture().png().toBuffer(), await picture({ seed: 5050 }).png().toBuffer()],
    {
      join: { animated: true },
    },
  )
    .gif()
    .toBuffer()
  for (const bytes of [
    frames,
    await picture().tiff({ compression: 'lzw' }).toBuffer(),
    await picture().avif({ lossless: true }).toBuffer(),
  ]) {
    const baked = await bake(bytes)
    expect(baked).toMatchObject({ mediaType: 'image/png', width: 64, height: 48 })
    expect(baked.baking.container).toBe(true)
    near(await colourAt(baked.file, 'leftTop'), RED, 4)
    near(await colourAt(baked.file, 'rightTop'), GREEN, 4)
  }
})

test('an animated WebP becomes its first frame', async () => {
  const pages = [await picture().png().toBuffer(), await picture({ seed: 5050 }).png().toBuffer()]
  const animated = await sharp(pages, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer()
  const baked = await bake(animated)
  expect(baked).toMatchObject({ mediaType: 'image/png', width: 64, height: 48 })
})

test('Windows bitmaps of every depth are read, from either end', async () => {
  const { data, info } = await picture().ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  for (const bitPP of [24, 32] as const) {
    const abgr = Buffer.from(data).swap32()
    const bytes = encode({ data: abgr, width: info.width, height: info.height, bitPP }).data
    const baked = await bake(bytes)
    expect(baked).toMatchObject({ mediaType: 'image/png', width: 64, height: 48 })
    near(await colourAt(baked.file, 'leftTop'), RED, 0)
    near(await colourAt(baked.file, 'rightTop'), GREEN, 0)
  }
})

/** A bitmap of 2 × 1 pixels with one bit each: the first blue, the second yellow, behind a gap of 8 bytes. */
function oneBitBitmap(): Buffer {
  const bytes = Buffer.alloc(14 + 40 + 8 + 8 + 4)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(14 + 40 + 8 + 8, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(2, 18)
  bytes.writeInt32LE(1, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(1, 28)
  bytes.writeUInt32LE(BmpCompression.NONE, 30)
  bytes.set([255, 0, 0, 0, 0, 255, 255, 0], 54)
  bytes[70] = 0b0100_0000
  return bytes
}

test('a bitmap with two colours and a gap before its pixels is read', async () => {
  const baked = await bake(oneBitBitmap())
  expect(await colourAt(baked.file, 'leftTop')).toEqual([0, 0, 255])
  expect(await colourAt(baked.file, 'rightTop')).toEqual([255, 255, 0])
})

test('a picture of 50,000 × 50,000 pixels is refused by its header, without decoding it', async () => {
  const png = await picture().png().toBuffer()
  // IHDR: width and height follow its type; the checksum covers both.
  png.writeUInt32BE(50_000, 16)
  png.writeUInt32BE(50_000, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  const bitmap = oneBitBitmap()
  bitmap.writeInt32LE(50_000, 18)
  bitmap.writeInt32LE(-50_000, 22)
  const started = performance.now()
  expect(await refusalOf(png)).toBe('tooManyPixels')
  expect(await refusalOf(bitmap)).toBe('tooManyPixels')
  expect(performance.now() - started).toBeLessThan(1000)
})

test('a file that ends too soon or is broken inside is refused when it has to be decoded', async () => {
  const sideways = await picture().jpeg().withMetadata({ orientation: 6 }).toBuffer()
  expect(await refusalOf(sideways.subarray(0, sideways.length - 200))).toBe('truncated')
  expect(await refusalOf(oneBitBitmap().subarray(0, 71))).toBe('truncated')
  const gif = await picture().gif().toBuffer()
  expect(await refusalOf(gif.subarray(0, gif.length / 2))).toBe('truncated')
  const tiff = await picture().tiff({ compression: 'none' }).toBuffer()
  expect(await refusalOf(tiff.subarray(0, tiff.length / 2))).toBe('truncated')
})

/** CRC-32 as PNG uses it. */
function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
