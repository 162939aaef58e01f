// A thread that draws: gets the numbers of pictures, answers with what came of them. It starts with a plan.

import { parentPort, workerData } from 'node:worker_threads'
import { tryPicture } from './draw-picture.ts'
import type { DrawPlan } from './draw-plan.ts'

const plan = workerData as DrawPlan

parentPort?.on('message', (index: number) => {
  tryPicture(plan, index).then(
    (drawn) => {
      if ('problem' in drawn) return parentPort?.postMessage({ index, drawn })
      // A copy of its own: the encoder's buffer may be a part of a larger one that others use.
      const picture = { ...drawn.picture, bytes: Uint8Array.from(drawn.picture.bytes) }
      parentPort?.postMessage({ index, drawn: { picture } }, [picture.bytes.buffer])
    },
    (error: unknown) => parentPort?.postMessage({ index, error }),
  )
})
