import { requireOwned } from '../auth/resource.ts'
import {
  AssignImages,
  DeleteImages,
  FindPlace,
  ListCards,
  ListImages,
  ListPositions,
  OneImage,
  SetImageSplit,
  SetImageStatus,
} from '../contracts/image.ts'
import { assignImages } from '../images/assign-images.ts'
import { deleteImages, setImageSplit, setImageStatus } from '../images/change-images.ts'
import { imageCounts } from '../images/count-images.ts'
import { imageCards } from '../images/image-cards.ts'
import { imageDetails } from '../images/image-details.ts'
import { listImages } from '../images/list-images.ts'
import { listPositions } from '../images/list-positions.ts'
import { placeInList } from '../images/place-in-list.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'

export const imagesRouter = router({
  list: projectProcedure('project.read')
    .input(ListImages)
    .query(({ ctx, input }) => listImages(ctx.db, input, ctx.viewer.id)),

  /** The whole list of a filter, as positions; what stands there is asked for by `cards`. */
  positions: projectProcedure('project.read')
    .input(ListPositions)
    .query(({ ctx, input }) => listPositions(ctx.db, input, ctx.viewer.id)),

  cards: projectProcedure('project.read')
    .input(ListCards)
    .query(({ ctx, input }) => imageCards(ctx.db, input)),

  counts: projectProcedure('project.read').query(({ ctx, input }) =>
    imageCounts(ctx.db, input.projectId, ctx.viewer.id),
  ),

  byId: procedure.input(OneImage).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return imageDetails(ctx.db, input.imageId)
  }),

  /** Where an image stands in a filtered list, and what comes before and after it. */
  place: procedure.input(FindPlace).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return placeInList(ctx.db, input, ctx.viewer.id)
  }),

  assign: projectProcedure('images.assign')
    .input(AssignImages)
    .mutation(({ ctx, input }) => assignImages(ctx.db, input, ctx.viewer.id)),

  /** Moves what the person's role lets them; who may only annotate never accepts. */
  setStatus: projectProcedure('annotations.write')
    .input(SetImageStatus)
    .mutation(({ ctx, input }) => setImageStatus(ctx.db, { id: ctx.viewer.id, role: ctx.role }, input)),

  /** Which images are held out decides what every result is worth, so annotators leave it alone. */
  setSplit: projectProcedure('project.manage')
    .input(SetImageSplit)
    .mutation(({ ctx, input }) => setImageSplit(ctx.db, input)),

  delete: projectProcedure('images.delete')
    .input(DeleteImages)
    .mutation(({ ctx, input }) => deleteImages(ctx, input)),
})
