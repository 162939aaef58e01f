import type { ChartSource, DrawingState, DrawOptions } from '../contracts/chart.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { isStudioError, StudioError } from '../errors.ts'
import { prepareImage } from '../images/prepare-image.ts'
import { recordImageIn } from '../images/record-image.ts'
import { processWide } from '../process-wide.ts'
import { spool } from '../storage/blobs.ts'
import { storageError } from '../storage/storage-error.ts'
import type { Studio } from '../studio.ts'
import { annotatePicture } from './annotate-picture.ts'
import type { Picture } from './draw-picture.ts'
import { drawPictures } from './draw-pictures.ts'
import { type DrawPlan, pictureCount, soundPlan } from './draw-plan.ts'

interface Drawing {
  state: DrawingState
  abort: AbortController
}

const drawings = processWide('drawings', () => new Map<string, Drawing>())

export interface DrawingOrder {
  projectId: string
  userId: string
  sources: readonly ChartSource[]
  options: DrawOptions
}

/**
 * Begins to draw a plan into a project and comes back at once. Each picture comes with its annotations or
 * not at all; what is drawn stays when the rest is cancelled, and the same order again adds what is missing.
 * @throws StudioError BAD_FILE, BAD_REQUEST (nothing to draw), WRONG_STATE (another drawing goes on)
 */
export function startDrawing(studio: Studio, order: DrawingOrder): DrawingState {
  const key = keyOf(studio, order.projectId)
  if (drawings.get(key)?.state.status === 'drawing') {
    throw new StudioError('WRONG_STATE', {
      message: 'This project is being drawn into already. Wait for the end, or cancel it.',
    })
  }
  const { plan } = soundPlan(order.sources, order.options)
  const counts = { total: pictureCount(plan), done: 0, duplicates: 0 }
  const drawing: Drawing = {
    state: { id: newId('drw'), ...counts, status: 'drawing', reason: null, startedAt: new Date() },
    abort: new AbortController(),
  }
  drawings.set(key, drawing)
  void drawAll(studio, order, plan, drawing)
  return { ...drawing.state }
}

/** The last drawing of a project since this server started, or null. */
export function drawingOf(studio: Studio, projectId: string): DrawingState | null {
  const state = drawings.get(keyOf(studio, projectId))?.state
  return state ? { ...state } : null
}

/** What is drawn so far stays. Cancelling what has ended changes nothing. */
export function cancelDrawing(studio: Studio, projectId: string): void {
  drawings.get(keyOf(studio, projectId))?.abort.abort()
}

function keyOf(studio: Studio, projectId: string): string {
  return `${studio.paths.root} ${projectId}`
}

async function drawAll(studio: Studio, order: DrawingOrder, plan: DrawPlan, { state, abort }: Drawing) {
  try {
    for await (const picture of drawPictures(plan, abort.signal)) {
      const outcome = await takeIn(studio, order, picture)
      if (outcome === 'duplicate') state.duplicates += 1
      state.done += 1
    }
    state.status = 'finished'
  } catch (error) {
    if (abort.signal.aborted) {
      state.status = 'cancelled'
      return
    }
    const known = isStudioError(error) ? error : storageError(error)
    if (!known) console.error('A drawing failed:', error)
    state.status = 'failed'
    state.reason = known?.userMessage ?? 'Something went wrong on the server; its log has the details.'
  }
}

/** One picture, the way every image comes in, with its annotations in the same transaction. */
async function takeIn(studio: Studio, { projectId, userId }: DrawingOrder, picture: Picture) {
  const { bytes, extension, fileName, split, source, expressions } = picture
  const upload = await spool(studio.paths, [bytes], bytes.byteLength)
  const image = await prepareImage(studio.paths, upload, extension === 'png' ? 'png' : 'jpeg')
  return write(studio.db, async (tx) => {
    const facts = { fileName, origin: 'drawing', split } as const
    const { outcome, imageId } = await recordImageIn(tx, projectId, image, facts)
    if (outcome === 'added' && split) {
      const origin = { by: 'import', source: source ?? 'flowchart' } as const
      await annotatePicture(tx, imageId, expressions, { authorId: userId, origin, batch: 'import' })
    }
    return outcome
  })
}
