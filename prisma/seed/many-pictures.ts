import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { THUMBNAIL_SIZE } from '../../server/contracts/image.ts'
import { thumbnailPath } from '../../server/images/thumbnail.ts'
import { blobPath } from '../../server/storage/blobs.ts'
import type { DataPaths } from '../../server/storage/paths.ts'

export const PICTURE = { width: 640, height: 480 }
/** Different drawings; every picture is one of them with a number of its own inside. */
const DRAWINGS = 48

interface Drawing {
  /** A PNG up to where its last chunk begins. */
  head: Buffer
  thumbnail: string
}

/**
 * Many pictures that are really there: each has a file of its own with its own hash and a thumbnail. Only some
 * are drawn; a comment inside the PNG tells the others apart, and their thumbnails are links to one file.
 * @param series pictures of another series are other pictures
 * @returns gives the picture of a number, written to the store
 */
export async function manyPictures(
  paths: DataPaths,
  series: string,
): Promise<(number: number) => { sha256: string; bytes: number }> {
  for (let byte = 0; byte < 256; byte += 1) {
    const folder = byte.toString(16).padStart(2, '0')
    mkdirSync(path.join(paths.blobs, folder), { recursive: true })
    mkdirSync(path.join(paths.thumbnails, folder), { recursive: true })
  }
  const drawings = await Promise.all(Array.from({ length: DRAWINGS }, (_, index) => draw(paths, index)))
  return (number) => {
    const { head, thumbnail } = drawings[number % DRAWINGS] as Drawing
    const file = Buffer.concat([head, textChunk(`${series} ${number}`), END])
    const sha256 = createHash('sha256').update(file).digest('hex')
    writeFileSync(blobPath(paths, sha256), file)
    linkSync(thumbnail, thumbnailPath(paths, sha256))
    return { sha256, bytes: file.length }
  }
}

/** Length, name and checksum of the chunk that ends every PNG. */
const END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])

function textChunk(words: string): Buffer {
  const body = Buffer.from(`tEXtComment\0${words}`, 'latin1')
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(body.length - 4, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

/** Shapes on a ground that changes from left to right, as a drawing of a plant might look from afar. */
async function draw(paths: DataPaths, index: number): Promise<Drawing> {
  const { width, height } = PICTURE
  const hue = Math.round((index * 360) / DRAWINGS)
  const shapes = Array.from({ length: 9 }, (_, place) => {
    const [x, y] = [(place % 3) * 200 + 30 + ((index * 7) % 40), Math.floor(place / 3) * 150 + 20]
    const fill = `hsl(${(hue + place * 40) % 360} 60% ${40 + ((index + place) % 5) * 8}%)`
    return place % 2 === index % 2
      ? `<rect x="${x}" y="${y}" width="130" height="90" rx="8" fill="${fill}"/>`
      : `<circle cx="${x + 60}" cy="${y + 50}" r="48" fill="${fill}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="hsl(${hue} 25% 88%)"/>${shapes.join('')}</svg>`
  const png = await sharp(Buffer.from(svg)).png({ palette: true, effort: 10 }).toBuffer()
  if (!png.subarray(-END.length).equals(END)) throw new Error('The PNG does not end as PNGs do.')
  const thumbnail = path.join(paths.thumbnails, `drawing-${index}.webp`)
  await sharp(png)
    .resize(THUMBNAIL_SIZE, THUMBNAIL_SIZE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80, effort: 2 })
    .toFile(thumbnail)
  return { head: png.subarray(0, -END.length), thumbnail }
}
