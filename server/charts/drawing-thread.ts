// A thread that draws: gets the numbers of pictures, answers with the pictures. It starts with a plan.

import { parentPort, workerData } from 'node:worker_threads'
import { drawPicture } from './draw-picture.ts'
import type { DrawPlan } from './draw-plan.ts'

const plan = workerData as DrawPlan

parentPort?.on('message', (index: number) => {
  drawPicture(plan, index).then(
    (picture) => {
      // A copy of its own: the encoder's buffer may be a part of a larger one that others use.
      const bytes = Uint8Array.from(picture.bytes)
      parentPort?.postMessage({ index, picture: { ...picture, bytes } }, [bytes.buffer])
    },
    (error: unknown) => parentPort?.postMessage({ index, error }),
  )
})
