import { type Permission, Role, roleAllows } from '../contracts/roles.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import type { Viewer } from './viewer.ts'

/**
 * Refuses unless this person may do this in this project. A project that one is no member of looks
 * exactly like one that does not exist.
 * @returns the role that allowed it
 */
export async function requireAccess(
  db: Database,
  viewer: Viewer,
  projectId: string,
  permission: Permission,
): Promise<Role> {
  const project = await db.project.findUnique({
    where: { id: projectId },
    select: { members: { where: { userId: viewer.id }, select: { role: true } } },
  })
  const member = project?.members[0]
  if (!project || (!member && !viewer.isOwner)) {
    throw new StudioError('NOT_FOUND', { message: 'There is no such project, or it is not shared with you.' })
  }
  const role = viewer.isOwner ? 'owner' : Role.parse(member?.role)
  if (!roleAllows(role, permission)) {
    throw new StudioError('FORBIDDEN', {
      message: `Your role (${role}) does not allow this. Ask a manager of the project.`,
    })
  }
  return role
}
