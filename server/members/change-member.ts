import { type Role, roleAllows } from '../contracts/roles.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'

interface Target {
  projectId: string
  userId: string
}

/**
 * Gives a member another role.
 * @param by role of the person who asks; only an owner makes or unmakes owners
 * @throws StudioError FORBIDDEN; WRONG_STATE when the project would be left without an owner
 */
export async function changeRole(db: Database, by: Role, target: Target, role: Role): Promise<void> {
  await write(db, async (tx) => {
    const member = await requireChangeable(tx, by, target)
    if (role === 'owner' && by !== 'owner') throw ownersOnly()
    if (member.role === 'owner' && role !== 'owner') await requireAnotherOwner(tx, target)
    await tx.member.update({ where: { projectId_userId: target }, data: { role } })
    if (!roleAllows(role, 'annotations.write')) await freeImages(tx, target)
  })
}

/** Takes a person out of a project. Their revisions stay, with their name; what was asked of them is anybody's. */
export async function removeMember(db: Database, by: Role, target: Target): Promise<void> {
  await write(db, async (tx) => {
    const member = await requireChangeable(tx, by, target)
    if (member.role === 'owner') await requireAnotherOwner(tx, target)
    await tx.member.delete({ where: { projectId_userId: target } })
    await freeImages(tx, target)
  })
}

/** Nobody is asked for what they may not do. */
async function freeImages(tx: Transaction, { projectId, userId }: Target): Promise<void> {
  await tx.image.updateMany({ where: { projectId, assigneeId: userId }, data: { assigneeId: null } })
}

async function requireChangeable(tx: Transaction, by: Role, target: Target): Promise<{ role: string }> {
  const { projectId, userId } = target
  const member = await tx.member.findUnique({
    where: { projectId_userId: { projectId, userId } },
    select: { role: true },
  })
  if (!member) throw new StudioError('NOT_FOUND', { message: 'This person is no member of the project.' })
  if (member.role === 'owner' && by !== 'owner') throw ownersOnly()
  return member
}

async function requireAnotherOwner(tx: Transaction, { projectId, userId }: Target): Promise<void> {
  const others = await tx.member.count({ where: { projectId, role: 'owner', NOT: { userId } } })
  if (others === 0) {
    throw new StudioError('WRONG_STATE', {
      message: 'The project would have no owner. Make somebody else an owner first.',
      details: { reason: 'lastOwner' },
    })
  }
}

function ownersOnly(): StudioError {
  return new StudioError('FORBIDDEN', {
    message: 'Only an owner of the project may make, change or remove an owner.',
    details: { reason: 'ownersOnly' },
  })
}
