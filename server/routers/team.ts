import { roleAllows } from '../contracts/roles.ts'
import { AskSecondOpinion, TeamStatistics } from '../contracts/team.ts'
import { listSecondOpinions } from '../team/agreement.ts'
import { askSecondOpinion } from '../team/second-opinion.ts'
import { teamStatistics } from '../team/statistics.ts'
import { projectProcedure, router } from '../trpc.ts'

export const teamRouter = router({
  /** Who judges work sees everybody; everybody else only themselves. */
  statistics: projectProcedure('project.read')
    .input(TeamStatistics)
    .query(({ ctx, input }) =>
      teamStatistics(ctx.db, input, roleAllows(ctx.role, 'annotations.review') ? null : ctx.viewer.id),
    ),

  secondOpinions: projectProcedure('annotations.review').query(({ ctx, input }) =>
    listSecondOpinions(ctx.db, input.projectId),
  ),

  askSecondOpinion: projectProcedure('project.manage')
    .input(AskSecondOpinion)
    .mutation(({ ctx, input }) => askSecondOpinion(ctx.db, ctx.viewer.id, input)),
})
