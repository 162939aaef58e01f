import type { Size } from '../../server/grounding/coordinates.ts'
import type { BoxRole, DrawnBox } from './drawn-boxes.ts'
import type { Transform } from './viewport.ts'

const LINE_WIDTH = 2
const DASHES: Record<BoxRole, number[]> = { truth: [], match: [], miss: [7, 5], extra: [2, 3] }
/** Under every line, so that each colour can be seen on light and on dark pictures. */
const HALO = 'rgba(0, 0, 0, 0.55)'
const HALO_WIDTH = LINE_WIDTH + 2

export interface PaneScene {
  image: CanvasImageSource | null
  imageSize: Size
  boxes: readonly DrawnBox[]
  transform: Transform
  /** Device pixels per CSS pixel. */
  ratio: number
}

/** Draws one pane anew. Lines keep their width at every zoom. */
export function drawPane(context: CanvasRenderingContext2D, scene: PaneScene): void {
  const { image, imageSize, boxes, transform, ratio } = scene
  const { canvas } = context
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  if (image) {
    // Enlarged pixels stay pixels: whoever zooms in wants to see what the model saw.
    context.imageSmoothingEnabled = transform.scale < 2
    context.imageSmoothingQuality = 'high'
    const { width, height } = imageSize
    context.drawImage(image, transform.x, transform.y, width * transform.scale, height * transform.scale)
  }
  for (const box of boxes) strokeBox(context, box, transform)
  context.setLineDash([])
}

function strokeBox(context: CanvasRenderingContext2D, box: DrawnBox, { scale, x, y }: Transform): void {
  const [x1, y1, x2, y2] = box.corners
  const place = [x1 * scale + x, y1 * scale + y, (x2 - x1) * scale, (y2 - y1) * scale] as const
  context.setLineDash(DASHES[box.role])
  context.lineWidth = HALO_WIDTH
  context.strokeStyle = HALO
  context.strokeRect(...place)
  context.lineWidth = LINE_WIDTH
  context.strokeStyle = box.colour
  context.strokeRect(...place)
}
