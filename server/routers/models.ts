import { z } from 'zod'
import { BaseModelId } from '../contracts/ids.ts'
import { AddBaseModel } from '../contracts/run.ts'
import { addModel } from '../models/add-model.ts'
import { listModels } from '../models/list-models.ts'
import { registerModels } from '../models/register-models.ts'
import { removeModel } from '../models/remove-model.ts'
import { ownerProcedure, procedure, router } from '../trpc.ts'

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
})
