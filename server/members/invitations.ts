import { createHash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { createAccount, hashPassword } from '../auth/accounts.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { AcceptInvitation, InviteMember } from '../contracts/member.ts'
import type { Database, Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'

const VALID_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Makes a link for one person: /invite/<token>. The token is told this once; only its hash is stored, so
 * a copy of the database lets nobody in.
 */
export async function inviteMember(
  db: Database,
  viewer: Viewer,
  { projectId, role }: z.infer<typeof InviteMember>,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + VALID_MS)
  const id = newId('i')
  await db.invitation.create({
    data: { id, tokenHash: hashOf(token), projectId, role, invitedBy: viewer.id, expiresAt },
  })
  return { id, token, expiresAt }
}

export async function revokeInvitation(db: Database, projectId: string, invitationId: string): Promise<void> {
  await db.invitation.deleteMany({ where: { id: invitationId, projectId, acceptedAt: null } })
}

/** What the page of the link says before anybody types. @throws StudioError NOT_FOUND when it is no good */
export async function describeInvitation(db: Database, token: string) {
  const { project, inviter, role, expiresAt } = await usable(db, token)
  return { projectName: project.name, invitedBy: inviter.name, role, expiresAt }
}

/** For somebody new: makes the account and joins the project. The page then signs in with it. */
export async function acceptInvitation(
  studio: Studio,
  { token, name, email, password }: z.infer<typeof AcceptInvitation>,
): Promise<{ projectId: string }> {
  // Before the slow hashing, so that made-up tokens (256 bits; no use guessing) cost us nothing.
  await usable(studio.db, token)
  const passwordHash = await hashPassword(studio, password)
  return write(studio.db, async (tx) => {
    const invitation = await usable(tx, token)
    const user = await createAccount(tx, { name, email, passwordHash }, false)
    return join(tx, invitation, user.id)
  })
}

/** For somebody who is signed in already. A member keeps the role they have. */
export async function joinProject(
  db: Database,
  viewer: Viewer,
  token: string,
): Promise<{ projectId: string }> {
  return write(db, async (tx) => join(tx, await usable(tx, token), viewer.id))
}

async function join(
  tx: Transaction,
  { id, projectId, role }: { id: string; projectId: string; role: string },
  userId: string,
): Promise<{ projectId: string }> {
  await tx.invitation.update({ where: { id }, data: { acceptedAt: new Date() } })
  await tx.member.upsert({
    where: { projectId_userId: { projectId, userId } },
    create: { projectId, userId, role },
    update: {},
  })
  return { projectId }
}

async function usable(db: Database | Transaction, token: string) {
  const invitation = await db.invitation.findUnique({
    where: { tokenHash: hashOf(token) },
    select: {
      id: true,
      projectId: true,
      role: true,
      expiresAt: true,
      acceptedAt: true,
      project: { select: { name: true } },
      inviter: { select: { name: true } },
    },
  })
  if (!invitation || invitation.acceptedAt || invitation.expiresAt <= new Date()) {
    throw new StudioError('NOT_FOUND', {
      message: 'This invitation was used, withdrawn, or is older than 7 days. Ask for a new link.',
      details: { reason: 'invitationUnusable' },
    })
  }
  return invitation
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
