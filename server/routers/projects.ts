import { requireAccess } from '../auth/access.ts'
import { CreateProject, RenameProject, SaveProjectSettings } from '../contracts/project.ts'
import { createProject } from '../projects/create-project.ts'
import { deleteProject } from '../projects/delete-project.ts'
import { listProjects, projectById } from '../projects/project-card.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'

export const projectsRouter = router({
  list: procedure.query(({ ctx }) => listProjects(ctx.db, ctx.viewer)),

  byId: projectProcedure('project.read').query(({ ctx, input }) =>
    projectById(ctx.db, input.projectId, ctx.role),
  ),

  create: procedure
    .input(CreateProject)
    .mutation(({ ctx, input }) => createProject(ctx.db, ctx.viewer.id, input.name)),

  rename: procedure.input(RenameProject).mutation(async ({ ctx, input }) => {
    await requireAccess(ctx.db, ctx.viewer, input.id, 'project.manage')
    const { id, name } = input
    return ctx.db.project.update({ where: { id }, data: { name }, select: { id: true, name: true } })
  }),

  saveSettings: projectProcedure('project.manage')
    .input(SaveProjectSettings)
    .mutation(async ({ ctx, input: { projectId: id, settings } }) => {
      await ctx.db.project.update({ where: { id }, data: { settings } })
      return settings
    }),

  delete: projectProcedure('project.delete').mutation(({ ctx, input }) =>
    deleteProject(ctx, input.projectId),
  ),
})
