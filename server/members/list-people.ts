import { Role, roleAllows } from '../contracts/roles.ts'
import type { Database } from '../db/client.ts'

/** Who works here, for lists and names: what every member may know of the others. */
export async function listPeople(db: Database, projectId: string) {
  const members = await db.member.findMany({
    where: { projectId },
    orderBy: { user: { name: 'asc' } },
    select: { role: true, user: { select: { id: true, name: true } } },
  })
  return members.map(({ role: stored, user }) => {
    const role = Role.parse(stored)
    return { ...user, role, annotates: roleAllows(role, 'annotations.write') }
  })
}
