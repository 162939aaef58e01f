import { randomUUID } from 'node:crypto'
import { ImageId } from '../../server/contracts/ids.ts'
import { newId } from '../../server/db/ids.ts'
import type { Studio } from '../../server/studio.ts'

/** Only the rows of images, 1000 × 500, for tests that look at no pixels: "picture 0.png", "picture 1.png" … */
export async function seedRows(
  studio: Studio,
  projectId: string,
  count: number,
  /** Position of the first one. */
  first = 0,
): Promise<ImageId[]> {
  const rows = Array.from({ length: count }, (_, place) => first + place).map((position) => ({
    id: newId('img'),
    projectId,
    sha256: randomUUID(),
    fileName: `picture ${position}.png`,
    mediaType: 'image/png',
    bytes: 1,
    width: 1000,
    height: 500,
    baking: {
      format: 'png',
      orientation: false,
      colour: false,
      alpha: false,
      depth: false,
      container: false,
    },
    origin: 'upload',
    position,
  }))
  await studio.db.image.createMany({ data: rows })
  return rows.map(({ id }) => ImageId.parse(id))
}
