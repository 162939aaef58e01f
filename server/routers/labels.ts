import { deleteLabel, mergeLabel, renameLabel } from '../bulk-edits/edit-labels.ts'
import { listEdits } from '../bulk-edits/list-edits.ts'
import { previewReplace } from '../bulk-edits/preview-replace.ts'
import { startReplace } from '../bulk-edits/start-replace.ts'
import { stopEdit, undoEdit } from '../bulk-edits/undo-edit.ts'
import {
  DeleteLabel,
  MergeLabel,
  OneBulkEdit,
  OrderLabels,
  PreviewReplace,
  RenameLabel,
  StartReplace,
} from '../contracts/bulk-edit.ts'
import { SaveLabel } from '../contracts/project.ts'
import { labelUsage, listLabels, orderLabels, saveLabel } from '../projects/labels.ts'
import { projectProcedure, router } from '../trpc.ts'

export const labelsRouter = router({
  list: projectProcedure('project.read').query(({ ctx, input }) => listLabels(ctx.db, input.projectId)),

  usage: projectProcedure('project.read').query(({ ctx, input }) => labelUsage(ctx.db, input.projectId)),

  /** Creates by name, or changes the colour of that name. Annotators may: a new class comes up while drawing. */
  save: projectProcedure('annotations.write')
    .input(SaveLabel)
    .mutation(({ ctx, input }) => saveLabel(ctx.db, input)),

  order: projectProcedure('project.manage')
    .input(OrderLabels)
    .mutation(({ ctx, input }) => orderLabels(ctx.db, input)),

  rename: projectProcedure('project.manage')
    .input(RenameLabel)
    .mutation(({ ctx, input }) => renameLabel(ctx.db, ctx.viewer.id, input)),

  merge: projectProcedure('project.manage')
    .input(MergeLabel)
    .mutation(({ ctx, input }) => mergeLabel(ctx.db, ctx.viewer.id, input)),

  delete: projectProcedure('project.manage')
    .input(DeleteLabel)
    .mutation(({ ctx, input }) => deleteLabel(ctx.db, ctx.viewer.id, input)),

  previewReplace: projectProcedure('project.manage')
    .input(PreviewReplace)
    .query(({ ctx, input }) => previewReplace(ctx.db, ctx.viewer.id, input)),

  replace: projectProcedure('project.manage')
    .input(StartReplace)
    .mutation(({ ctx, input }) => startReplace(ctx.db, ctx.viewer.id, input)),

  /** Changes over the whole project, with how far they are. */
  edits: projectProcedure('project.read').query(({ ctx, input }) => listEdits(ctx.db, input.projectId)),

  stopEdit: projectProcedure('project.manage')
    .input(OneBulkEdit)
    .mutation(({ ctx, input }) => stopEdit(ctx.db, input)),

  undoEdit: projectProcedure('project.manage')
    .input(OneBulkEdit)
    .mutation(({ ctx, input }) => undoEdit(ctx.db, ctx.viewer.id, input)),
})
