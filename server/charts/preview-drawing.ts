import sharp from 'sharp'
import type { ChartSource, DrawingPreview, DrawOptions } from '../contracts/chart.ts'
import { drawPicture } from './draw-picture.ts'
import { checkPlan, pictureCount, slotOf } from './draw-plan.ts'
import { ChartTooLarge } from './fit-picture.ts'

/** Pictures of a preview, spread over the whole drawing. */
const SHOWN = 6
/** Longest side of a picture in the preview, pixels. */
const PREVIEW_SIDE = 560

/** Draws a few pictures exactly as the drawing will have them, smaller, and says what is wrong. */
export async function previewDrawing(
  sources: readonly ChartSource[],
  options: DrawOptions,
): Promise<DrawingPreview> {
  const { plan, problems, notes } = checkPlan(sources, options)
  const count = pictureCount(plan)
  const shown = Math.min(SHOWN, count)
  const preview: DrawingPreview = { count, charts: plan.charts.length, problems, notes, pictures: [] }
  for (let at = 0; at < shown; at += 1) {
    const index = Math.floor((at * count) / shown)
    try {
      const { fileName, bytes, width, height, expressions } = await drawPicture(plan, index)
      const small = await sharp(bytes)
        .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 80 })
        .toBuffer()
      const url = `data:image/jpeg;base64,${small.toString('base64')}`
      const boxesOf = (boxes: (typeof expressions)[number]['boxes']) => boxes.map(([...corners]) => corners)
      preview.pictures.push({
        fileName,
        url,
        width,
        height,
        expressions: expressions.map((one) => ({ ...one, boxes: boxesOf(one.boxes) })),
      })
    } catch (error) {
      if (!(error instanceof ChartTooLarge)) throw error
      const file = slotOf(plan, index).chart?.name ?? ''
      preview.problems.push({ file, line: null, reason: 'tooManyShapes', detail: error.message })
    }
  }
  return preview
}
