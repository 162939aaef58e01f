import type { ImageStatus, Split } from '../../server/contracts/image.ts'
import { prepareImage } from '../../server/images/prepare-image.ts'
import { recordImage } from '../../server/images/record-image.ts'
import { spool } from '../../server/storage/blobs.ts'
import type { Studio } from '../../server/studio.ts'
import { picture } from './pictures.ts'

let made = 0

export interface SeedImage {
  fileName?: string
  width?: number
  height?: number
  status?: ImageStatus
  split?: Split | null
  /** PNG or JPEG bytes of one's own; otherwise a small picture that no other call makes. */
  bytes?: Buffer
}

/** An image that went through the real ingest: blob, thumbnail and row. */
export async function seedImage(studio: Studio, projectId: string, options: SeedImage = {}) {
  made += 1
  const { width, height, status = 'new', split = null } = options
  const bytes = options.bytes ?? (await picture({ width, height, seed: made }).png().toBuffer())
  const format = bytes[0] === 0xff ? 'jpeg' : 'png'
  const image = await prepareImage(studio.paths, await spool(studio.paths, [bytes], bytes.length), format)
  const fileName = options.fileName ?? `picture_${String(made).padStart(4, '0')}.${format}`
  const result = await recordImage(studio.db, projectId, image, { fileName, origin: 'upload' })
  if (result.outcome === 'refused') throw new Error(`The seed picture was refused: ${result.reason}`)
  return studio.db.image.update({ where: { id: result.imageId }, data: { status, split } })
}
