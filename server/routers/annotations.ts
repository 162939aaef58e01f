import { tracked } from '@trpc/server'
import { catchUp } from '../annotations/catch-up.ts'
import { changesBetween } from '../annotations/changes-between.ts'
import { followers } from '../annotations/followers.ts'
import { listRevisions } from '../annotations/list-revisions.ts'
import { liveImage } from '../annotations/live-image.ts'
import { markDone } from '../annotations/mark-done.ts'
import { openImage } from '../annotations/open-image.ts'
import { saveAnnotations } from '../annotations/save-annotations.ts'
import { setNote } from '../annotations/set-note.ts'
import { requireAccess } from '../auth/access.ts'
import { requireOwned } from '../auth/resource.ts'
import {
  BePresent,
  CatchUp,
  CompareRevisions,
  FollowImage,
  ListRevisions,
  MarkDone,
  OpenImage,
  SaveAnnotations,
  SetNote,
} from '../contracts/annotation.ts'
import { procedure, router } from '../trpc.ts'

export const annotationsRouter = router({
  open: procedure.input(OpenImage).query(async ({ ctx, input }) => {
    const projectId = await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    const role = await requireAccess(ctx.db, ctx.viewer, projectId, 'project.read')
    return openImage(ctx.db, input.imageId, role)
  }),

  /** For who comes back to an open image: how it is now, and what became of what was sent. */
  catchUp: procedure.input(CatchUp).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return catchUp(ctx.db, input)
  }),

  /** Every revision as it is accepted, and who else has the image open. */
  live: procedure.input(FollowImage).subscription(async function* ({ ctx, input, signal }) {
    const { imageId, tab } = input
    const mayLook = () => requireOwned(ctx.db, ctx.viewer, 'image', imageId, 'project.read')
    const after = Number(input.lastEventId ?? input.after)
    for await (const { position, message } of liveImage(
      ctx.db,
      { imageId, tab, after },
      mayLook,
      signal ?? NEVER,
    )) {
      yield tracked(String(position), message)
    }
  }),

  /** A page that follows an image says every few seconds that it is still looked at. */
  present: procedure.input(BePresent).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    followers.note(ctx.viewer, input)
  }),

  save: procedure.input(SaveAnnotations).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    return saveAnnotations(ctx.db, ctx.viewer.id, input)
  }),

  markDone: procedure.input(MarkDone).mutation(async ({ ctx, input }) => {
    const projectId = await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    const role = await requireAccess(ctx.db, ctx.viewer, projectId, 'annotations.write')
    return markDone(ctx.db, { id: ctx.viewer.id, role }, input)
  }),

  setNote: procedure.input(SetNote).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'annotations.write')
    return setNote(ctx.db, input)
  }),

  history: procedure.input(ListRevisions).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return listRevisions(ctx.db, input)
  }),

  /** What happened between two revisions, for comparing and restoring. */
  changes: procedure.input(CompareRevisions).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'image', input.imageId, 'project.read')
    return changesBetween(ctx.db, input)
  }),
})

/** For calls without a signal, as tests make them. */
const NEVER = new AbortController().signal
