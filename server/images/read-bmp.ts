import { BmpCompression, decode } from 'bmp-ts'
import { MAX_PIXELS } from '../contracts/image.ts'
import { IngestRefused } from './ingest-refused.ts'

export interface RawPixels {
  /** RGBA, 8 bits, rows from the top. */
  data: Buffer
  width: number
  height: number
  hasAlpha: boolean
}

/** Run-length coded files can claim any size, and this decoder works in JavaScript on one thread. */
const MAX_COMPRESSED_PIXELS = 64_000_000
const FILE_HEADER = 14
const INFO_HEADER = 40
/** From this header size on the fourth colour mask, alpha, lies at byte 66. */
const V3_HEADER = 56
const ALPHA_MASK = 66

/**
 * Decodes a Windows bitmap, which libvips as built for sharp does not read.
 * @throws IngestRefused tooManyPixels (before anything is allocated), truncated, damaged
 */
export function readBmp(file: Buffer): RawPixels {
  const header = readHeader(file)
  const pixels = header.width * header.height
  const limit = header.isCompressed ? MAX_COMPRESSED_PIXELS : MAX_PIXELS
  if (pixels > limit) throw new IngestRefused('tooManyPixels', `${header.width} × ${header.height}`)
  if (!header.isCompressed && file.length < header.offset + header.rowBytes * header.height) {
    throw new IngestRefused('truncated')
  }
  try {
    const bitmap = decode(closeGap(file, header))
    const hasAlpha = header.bits === 32 && header.alphaMask !== 0
    return { ...header, data: toRgba(bitmap.data, hasAlpha), hasAlpha }
  } catch (error) {
    if (error instanceof RangeError) throw new IngestRefused('truncated')
    throw new IngestRefused('damaged', error instanceof Error ? error.message : undefined)
  }
}

function readHeader(file: Buffer) {
  if (file.length < FILE_HEADER + INFO_HEADER) throw new IngestRefused('truncated')
  const headerSize = file.readUInt32LE(14)
  if (headerSize < INFO_HEADER) throw new IngestRefused('damaged', `BMP header of ${headerSize} bytes`)
  const width = file.readInt32LE(18)
  const height = Math.abs(file.readInt32LE(22))
  if (width <= 0 || height === 0) throw new IngestRefused('damaged', `${width} × ${height}`)
  const bits = file.readUInt16LE(28)
  const compression: BmpCompression = file.readUInt32LE(30)
  const isCompressed = compression === BmpCompression.BI_RLE4 || compression === BmpCompression.BI_RLE8
  // Rows are padded to four bytes.
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const colours = file.readUInt32LE(46)
  return {
    headerSize,
    width,
    height,
    bits,
    compression,
    isCompressed,
    rowBytes,
    colours,
    offset: file.readUInt32LE(10),
    alphaMask: headerSize >= V3_HEADER && file.length >= ALPHA_MASK + 4 ? file.readUInt32LE(ALPHA_MASK) : 0,
  }
}

/** The decoder expects the pixels right behind the palette; the format allows a gap, and says where they are. */
function closeGap(file: Buffer, header: ReturnType<typeof readHeader>): Buffer {
  const { headerSize, bits, compression, colours, offset } = header
  const masks =
    headerSize > INFO_HEADER
      ? 0
      : compression === BmpCompression.BI_ALPHA_BIT_FIELDS
        ? 16
        : compression === BmpCompression.BI_BIT_FIELDS
          ? 12
          : 0
  const paletteLength = bits <= 8 || colours > 0 ? (colours === 0 ? 1 << bits : colours) : 0
  const expected = FILE_HEADER + headerSize + masks + 4 * paletteLength
  return offset > expected ? Buffer.concat([file.subarray(0, expected), file.subarray(offset)]) : file
}

/** From the decoder's alpha, blue, green, red. (Its own RGBA order is wrong for one bit a pixel.) */
function toRgba(abgr: Buffer, hasAlpha: boolean): Buffer {
  const rgba = abgr.swap32()
  if (hasAlpha) return rgba
  for (let at = 3; at < rgba.length; at += 4) rgba[at] = 0xff
  return rgba
}
