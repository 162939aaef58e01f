import sharp from 'sharp'
import type { Size } from '../grounding/coordinates.ts'

/** Width and height after the EXIF orientation, from the file's header; null when it is no picture. */
export async function measureImage(file: string): Promise<Size | null> {
  const header = await sharp(file)
    .metadata()
    .catch(() => null)
  return header ? { width: header.autoOrient.width, height: header.autoOrient.height } : null
}
