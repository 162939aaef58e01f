import type { Database } from '../db/client.ts'
import { readDocuments } from './records.ts'

/** Boxes drawn on one thumbnail; more would be a smear at that size. */
const BOXES_SHOWN = 60

export interface ImageSummary {
  imageId: string
  /** All of them, also those that are not listed. */
  boxCount: number
  expressionCount: number
  negativeCount: number
  /** Shares 0..1 of the image, for drawing over a thumbnail of any size. */
  boxes: { x: number; y: number; width: number; height: number; colour: string | null }[]
}

/** What a grid of thumbnails shows of each image; only images of this project are answered for. */
export async function summariseImages(
  db: Database,
  input: { projectId: string; imageIds: readonly string[] },
): Promise<ImageSummary[]> {
  const images = await db.image.findMany({
    where: { projectId: input.projectId, id: { in: [...input.imageIds] } },
    select: { id: true, width: true, height: true },
  })
  const labels = await db.label.findMany({
    where: { projectId: input.projectId },
    select: { name: true, colour: true },
  })
  const colours = new Map(labels.map((label) => [label.name, label.colour]))
  const documents = await readDocuments(
    db,
    images.map((image) => image.id),
  )
  return images.map(({ id, width, height }) => {
    const { expressions, boxes } = documents.get(id) ?? { expressions: [], boxes: [] }
    const texts = new Map<string, string>(expressions.map(({ id: key, text }) => [key, text]))
    const answered = new Set<string>(boxes.flatMap((box) => box.expressionIds))
    return {
      imageId: id,
      boxCount: boxes.length,
      expressionCount: expressions.length,
      negativeCount: expressions.filter((expression) => !answered.has(expression.id)).length,
      boxes: boxes.slice(0, BOXES_SHOWN).map((box) => ({
        x: box.x / width,
        y: box.y / height,
        width: box.width / width,
        height: box.height / height,
        colour: colours.get(texts.get(box.expressionIds[0] ?? '') ?? '') ?? null,
      })),
    }
  })
}
