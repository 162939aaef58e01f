import { requireOwned } from '../auth/resource.ts'
import { FreezeVersion, PreviewVersion, ReadVersion, ReadVersionRecord } from '../contracts/version.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'
import { freezeVersion } from '../versions/freeze-version.ts'
import { previewVersion } from '../versions/preview-version.ts'
import { listVersions, readVersion } from '../versions/read-version.ts'
import { versionRecord } from '../versions/version-record.ts'

export const versionsRouter = router({
  list: projectProcedure('project.read').query(({ ctx, input }) => listVersions(ctx.db, input.projectId)),

  preview: projectProcedure('project.read')
    .input(PreviewVersion)
    .query(({ ctx, input }) => previewVersion(ctx.db, input.projectId, input.options)),

  freeze: projectProcedure('versions.freeze')
    .input(FreezeVersion)
    .mutation(({ ctx, input }) => freezeVersion(ctx, ctx.viewer.id, input)),

  byId: procedure.input(ReadVersion).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'datasetVersion', input.versionId, 'project.read')
    const { contentSha256: _, ...version } = await readVersion(ctx.db, input.versionId)
    return version
  }),

  record: procedure.input(ReadVersionRecord).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'datasetVersion', input.versionId, 'project.read')
    return versionRecord(ctx, input)
  }),
})
