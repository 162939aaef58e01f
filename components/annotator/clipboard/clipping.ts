import { z } from 'zod'
import { BoxAttributes, ExpressionKind, ExpressionText } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import { byPosition } from '../../../server/grounding/document.ts'
import type { Change } from '../document/change.ts'
import { type Doc, textsOf } from '../document/doc.ts'
import { createBoxes, type Ids } from '../document/edit.ts'
import { cropRect, moveRects, type Rect, rectOf, survivesRounding } from '../geometry/rects.ts'

const side = z.number().positive()

/** Copied boxes as they lie in the clipboard: readable by people, and by a studio in another tab. */
export const Clipping = z.object({
  type: z.literal('refbox/boxes'),
  version: z.literal(1),
  /** The image they come from. */
  image: z.object({ width: side, height: side }),
  boxes: z
    .array(
      z.object({
        x: z.number(),
        y: z.number(),
        width: side,
        height: side,
        expressions: z.array(z.object({ kind: ExpressionKind, text: ExpressionText })).min(1),
        attributes: BoxAttributes,
      }),
    )
    .min(1)
    .max(20_000),
})
export type Clipping = z.infer<typeof Clipping>
type Copied = Clipping['boxes'][number]

/** Image pixels between a box and its copy, so that both can be seen. */
export const COPY_OFFSET = 10
/** Copies that step aside before they are put on one another after all. */
const MOST_STEPS = 50

/** Null = nothing that could be copied. */
export function clip(doc: Doc, ids: Iterable<BoxId>): Clipping | null {
  const boxes = [...ids].flatMap((id) => doc.boxes.get(id) ?? []).sort(byPosition)
  if (boxes.length === 0) return null
  return {
    type: 'refbox/boxes',
    version: 1,
    image: { ...doc.image },
    boxes: boxes.map((box) => ({
      ...rectOf(box),
      expressions: box.expressionIds.flatMap((id) => {
        const known = doc.expressions.get(id)
        return known ? { kind: known.kind, text: known.text } : []
      }),
      attributes: box.attributes,
    })),
  }
}

/** Null when the text is something else than copied boxes. */
export function readClipping(text: string): Clipping | null {
  if (!text.includes('refbox/boxes')) return null
  try {
    return Clipping.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

export interface Pasted {
  changes: Change[]
  /** Boxes that would be too small on this image. */
  refused: number
}

/**
 * The boxes at the same place, which on an image of another size is the same share of it. Where one of
 * them lies already, `shift` puts all of them aside, and `skip` leaves that one out.
 */
export function paste(doc: Doc, clipping: Clipping, onTaken: 'shift' | 'skip', ids: Ids): Pasted {
  const fitting = clipping.boxes.flatMap((box) => {
    const rect = cropRect(scaled(box, clipping.image, doc.image), doc.image)
    return survivesRounding(rect, doc.image) ? { ...box, rect } : []
  })
  const taken = new Set([...doc.boxes.values()].map((box) => keyOf(box, textsOf(doc, box))))
  const isTaken = ({ expressions }: Copied, rect: Rect) =>
    taken.has(
      keyOf(
        rect,
        expressions.map(({ text }) => text),
      ),
    )
  const wanted = onTaken === 'skip' ? fitting.filter((box) => !isTaken(box, box.rect)) : fitting
  let rects = wanted.map(({ rect }) => rect)
  if (onTaken === 'shift') {
    for (let steps = 1; steps <= MOST_STEPS; steps += 1) {
      if (!wanted.some((box, place) => isTaken(box, rects[place] ?? box.rect))) break
      const offset = steps * COPY_OFFSET
      rects = moveRects(
        wanted.map(({ rect }) => rect),
        offset,
        offset,
        doc.image,
      )
    }
  }
  const made = wanted.map(({ rect, expressions, attributes }, place) => ({
    rect: rects[place] ?? rect,
    entries: expressions,
    attributes,
  }))
  return { changes: createBoxes(doc, made, ids), refused: clipping.boxes.length - fitting.length }
}

function scaled(box: Rect, from: Size, to: Size): Rect {
  const [across, down] = [to.width / from.width, to.height / from.height]
  return { x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down }
}

function keyOf({ x, y, width, height }: Rect, texts: readonly string[]): string {
  return JSON.stringify([x, y, width, height, ...texts.toSorted()])
}
