import { requireOwned } from '../auth/resource.ts'
import { DeleteImages, ListImages, OneImage, SetImageSplit, SetImageStatus } from '../contracts/image.ts'
import { deleteImages, setImageSplit, setImageStatus } from '../images/change-images.ts'
import { imageCounts } from '../images/count-images.ts'
import { imageDetails } from '../images/image-details.ts'
import { listImages } from '../images/list-images.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'

export const imagesRouter = router({
  list: projectProcedure('project.read')
    .input(ListImages)
    .query(({ ctx, input }) => listImages(ctx.db, input)),

  counts: projectProcedure('project.read').query(({ ctx, input }) => imageCounts(ctx.db, input.projectId)),

  byId: procedure.input(OneImage).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return imageDetails(ctx.db, input.imageId, input.filter)
  }),

  setStatus: projectProcedure('annotations.write')
    .input(SetImageStatus)
    .mutation(({ ctx, input }) => setImageStatus(ctx.db, input)),

  /** Which images are held out decides what every result is worth, so annotators leave it alone. */
  setSplit: projectProcedure('project.manage')
    .input(SetImageSplit)
    .mutation(({ ctx, input }) => setImageSplit(ctx.db, input)),

  delete: projectProcedure('images.delete')
    .input(DeleteImages)
    .mutation(({ ctx, input }) => deleteImages(ctx.db, input)),
})
