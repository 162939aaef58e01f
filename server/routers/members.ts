import {
  AcceptInvitation,
  ChangeRole,
  InvitationToken,
  InviteMember,
  RemoveMember,
  RevokeInvitation,
} from '../contracts/member.ts'
import { changeRole, removeMember } from '../members/change-member.ts'
import {
  acceptInvitation,
  describeInvitation,
  inviteMember,
  joinProject,
  revokeInvitation,
} from '../members/invitations.ts'
import { listMembers } from '../members/list-members.ts'
import { listPeople } from '../members/list-people.ts'
import { procedure, projectProcedure, publicProcedure, router } from '../trpc.ts'

export const membersRouter = router({
  list: projectProcedure('members.manage').query(({ ctx, input }) => listMembers(ctx.db, input.projectId)),

  /** Names and roles, for everybody who works here; e-mail addresses are for managers. */
  people: projectProcedure('project.read').query(({ ctx, input }) => listPeople(ctx.db, input.projectId)),

  /** The answer's token makes the link /invite/<token>; it is shown this once. */
  invite: projectProcedure('members.manage')
    .input(InviteMember)
    .mutation(({ ctx, input }) => inviteMember(ctx.db, ctx.viewer, input)),

  revoke: projectProcedure('members.manage')
    .input(RevokeInvitation)
    .mutation(({ ctx, input }) => revokeInvitation(ctx.db, input.projectId, input.invitationId)),

  changeRole: projectProcedure('members.manage')
    .input(ChangeRole)
    .mutation(({ ctx, input: { role, ...target } }) => changeRole(ctx.db, ctx.role, target, role)),

  remove: projectProcedure('members.manage')
    .input(RemoveMember)
    .mutation(({ ctx, input }) => removeMember(ctx.db, ctx.role, input)),

  invitation: publicProcedure
    .input(InvitationToken)
    .query(({ ctx, input }) => describeInvitation(ctx.db, input.token)),

  /** Makes the account only; the page then signs in with it at POST /api/auth/sign-in/email. */
  accept: publicProcedure.input(AcceptInvitation).mutation(({ ctx, input }) => acceptInvitation(ctx, input)),

  join: procedure
    .input(InvitationToken)
    .mutation(({ ctx, input }) => joinProject(ctx.db, ctx.viewer, input.token)),
})
