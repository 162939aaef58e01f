import { z } from 'zod'
import { ProjectId, UserId } from './ids.ts'
import { Role } from './roles.ts'

export const InviteMember = z.object({
  projectId: ProjectId,
  role: Role.exclude(['owner']),
})

const password = z.string().min(10).max(200)

export const CreateOwner = z.object({
  name: z.string().trim().min(1).max(80),
  email: z.email(),
  password,
  /** The one-time code from the terminal; asked for when the server listens beyond loopback. */
  code: z.string().trim().default(''),
})

export const AcceptInvitation = z.object({
  token: z.string().min(20).max(100),
  name: z.string().trim().min(1).max(80),
  email: z.email(),
  password,
})

/** 32 random bytes, base64url: the secret part of an invitation link. */
export const InvitationToken = z.object({ token: z.string().min(20).max(100) })

export const ChangeRole = z.object({ projectId: ProjectId, userId: UserId, role: Role })
export const RemoveMember = z.object({ projectId: ProjectId, userId: UserId })
export const RevokeInvitation = z.object({
  projectId: ProjectId,
  invitationId: z.string().min(1).max(64),
})
