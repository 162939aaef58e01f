import { deleteAttribute, orderAttributes, saveAttribute } from '../bulk-edits/edit-attributes.ts'
import { DeleteAttribute, OrderAttributes, SaveAttribute } from '../contracts/attribute.ts'
import { attributeUsage, listAttributes } from '../projects/attributes.ts'
import { projectProcedure, router } from '../trpc.ts'

export const attributesRouter = router({
  list: projectProcedure('project.read').query(({ ctx, input }) => listAttributes(ctx.db, input.projectId)),

  usage: projectProcedure('project.read').query(({ ctx, input }) => attributeUsage(ctx.db, input.projectId)),

  save: projectProcedure('project.manage')
    .input(SaveAttribute)
    .mutation(({ ctx, input }) => saveAttribute(ctx.db, ctx.viewer.id, input)),

  delete: projectProcedure('project.manage')
    .input(DeleteAttribute)
    .mutation(({ ctx, input }) => deleteAttribute(ctx.db, ctx.viewer.id, input)),

  order: projectProcedure('project.manage')
    .input(OrderAttributes)
    .mutation(({ ctx, input }) => orderAttributes(ctx.db, input)),
})
