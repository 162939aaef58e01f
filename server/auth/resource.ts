import type { Permission } from '../contracts/roles.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { requireAccess } from './access.ts'
import type { Viewer } from './viewer.ts'

/** Things that belong to a project and are named by their own id on the wire. */
type Owned = 'image' | 'datasetVersion' | 'run' | 'label'

/**
 * Finds the project a thing belongs to and refuses unless this person may do this there. A thing in
 * somebody else's project looks exactly like one that does not exist.
 * @returns the id of the project
 */
export async function requireOwned(
  db: Database,
  viewer: Viewer,
  kind: Owned,
  id: string,
  permission: Permission,
): Promise<string> {
  const projectId = await projectOf(db, kind, id)
  const missing = new StudioError('NOT_FOUND', {
    message: 'There is no such thing, or it is not shared with you.',
    details: { kind },
  })
  if (!projectId) throw missing
  await requireAccess(db, viewer, projectId, permission)
  return projectId
}

async function projectOf(db: Database, kind: Owned, id: string): Promise<string | undefined> {
  const query = { where: { id }, select: { projectId: true } } as const
  switch (kind) {
    case 'image':
      return (await db.image.findUnique(query))?.projectId
    case 'datasetVersion':
      return (await db.datasetVersion.findUnique(query))?.projectId
    case 'run':
      return (await db.run.findUnique(query))?.projectId
    case 'label':
      return (await db.label.findUnique(query))?.projectId
  }
}
