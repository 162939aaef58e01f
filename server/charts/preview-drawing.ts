import sharp from 'sharp'
import type { ChartSource, DrawingPreview, DrawOptions } from '../contracts/chart.ts'
import { type Picture, tryPicture } from './draw-picture.ts'
import { checkPlan, pictureCount } from './draw-plan.ts'

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
    const drawn = await tryPicture(plan, index)
    if ('problem' in drawn) preview.problems.push(drawn.problem)
    else preview.pictures.push(await shrunk(drawn.picture))
  }
  return preview
}

async function shrunk({ fileName, bytes, width, height, expressions }: Picture) {
  const small = await sharp(bytes)
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer()
  return {
    fileName,
    url: `data:image/jpeg;base64,${small.toString('base64')}`,
    width,
    height,
    expressions: expressions.map((one) => ({ ...one, boxes: one.boxes.map(([...corners]) => corners) })),
  }
}
