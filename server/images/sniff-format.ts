/** What ingest takes, told by the first bytes; a name or a Content-Type is never believed. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp'
export type SniffedFormat = ImageFormat | 'zip'

/** Bytes that sniffFormat wants to see; fewer are fine. */
export const SNIFF_BYTES = 64

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** A local header, or the end record of an empty archive. */
const ZIP = [Buffer.from('PK\x03\x04', 'latin1'), Buffer.from('PK\x05\x06', 'latin1')]
const TIFF = [Buffer.from('II*\0', 'latin1'), Buffer.from('MM\0*', 'latin1')]
const AVIF_BRANDS = ['avif', 'avis', 'mif1', 'msf1']

export function sniffFormat(head: Buffer): SniffedFormat | null {
  const ascii = (start: number, end: number) => head.toString('latin1', start, end)
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (head.subarray(0, 8).equals(PNG)) return 'png'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp'
  if (ascii(4, 8) === 'ftyp' && AVIF_BRANDS.includes(ascii(8, 12))) return 'avif'
  if (/^GIF8[79]a$/.test(ascii(0, 6))) return 'gif'
  if (TIFF.some((magic) => head.subarray(0, 4).equals(magic))) return 'tiff'
  // "BM" alone is too little (any text may start with it): the reserved fields must be zero as well.
  if (ascii(0, 2) === 'BM' && head.length >= 26 && head.readUInt32LE(6) === 0) return 'bmp'
  if (ZIP.some((magic) => head.subarray(0, 4).equals(magic))) return 'zip'
  return null
}
