import type { Database } from '../db/client.ts'

/** Everybody in a project, and the links that were made and not used yet. */
export async function listMembers(db: Database, projectId: string) {
  const members = await db.member.findMany({
    where: { projectId },
    orderBy: { createdAt: 'asc' },
    select: { role: true, createdAt: true, user: { select: { id: true, name: true, email: true } } },
  })
  const invitations = await db.invitation.findMany({
    where: { projectId, acceptedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'asc' },
    select: { id: true, role: true, expiresAt: true, inviter: { select: { name: true } } },
  })
  return {
    members: members.map(({ user, ...member }) => ({
      ...member,
      userId: user.id,
      name: user.name,
      email: user.email,
    })),
    invitations: invitations.map(({ inviter, ...invitation }) => ({
      ...invitation,
      invitedBy: inviter.name,
    })),
  }
}
