import { z } from 'zod'
import { FetchModel } from '../contracts/fetch-event.ts'
import { BaseModelId } from '../contracts/ids.ts'
import { AddBaseModel } from '../contracts/run.ts'
import { addModel } from '../models/add-model.ts'
import { cancelFetch, discardFetch, liveFetches } from '../models/fetches.ts'
import { listModels } from '../models/list-models.ts'
import { queueFetch } from '../models/queue-fetch.ts'
import { registerModels } from '../models/register-models.ts'
import { removeModel } from '../models/remove-model.ts'
import { ownerProcedure, procedure, router } from '../trpc.ts'

const FetchInput = z.object({ taskId: z.string().min(1).max(64) })

export const modelsRouter = router({
  list: procedure.query(({ ctx }) => listModels(ctx)),

  /** Looks for new folders in data/models, and tells which ones cannot be used and why. */
  scan: ownerProcedure.mutation(async ({ ctx }) => ({ refused: await registerModels(ctx) })),

  add: ownerProcedure
    .input(AddBaseModel)
    .mutation(async ({ ctx, input }) => ({ id: await addModel(ctx, input) })),

  remove: ownerProcedure
    .input(z.object({ id: BaseModelId }))
    .mutation(({ ctx, input }) => removeModel(ctx, input.id)),

  /** Asks the worker for a model of a hub. Asking again after a failure goes on where it stopped. */
  fetch: ownerProcedure.input(FetchModel).mutation(async ({ ctx, input }) => {
    const { id } = await queueFetch(ctx, input)
    return { taskId: id }
  }),

  /** Fetches that go on, wait or have failed, whenever something changes. Folders of the server are the owner's to see. */
  fetches: ownerProcedure.subscription(async function* ({ ctx, signal }) {
    yield* liveFetches(ctx, signal ?? new AbortController().signal)
  }),

  cancelFetch: ownerProcedure.input(FetchInput).mutation(({ ctx, input }) => cancelFetch(ctx, input.taskId)),

  /** Throws away what was loaded of a fetch that did not succeed. */
  discardFetch: ownerProcedure
    .input(FetchInput)
    .mutation(({ ctx, input }) => discardFetch(ctx, input.taskId)),
})
