import { ProjectSettings } from '../contracts/project.ts'
import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'

/** Whoever makes a project owns it. */
export async function createProject(
  db: Database,
  userId: string,
  name: string,
): Promise<{ id: string; name: string }> {
  return db.project.create({
    data: {
      id: newId('p'),
      name,
      settings: ProjectSettings.parse({}),
      members: { create: { userId, role: 'owner' } },
    },
    select: { id: true, name: true },
  })
}
