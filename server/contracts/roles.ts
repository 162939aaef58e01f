import { z } from 'zod'

export const Role = z.enum(['owner', 'manager', 'annotator', 'viewer'])
export type Role = z.infer<typeof Role>

/** Everything a person can be allowed to do in a project. Procedures and file routes name one of these. */
export const Permission = z.enum([
  'project.read',
  'project.manage',
  'project.delete',
  'members.manage',
  'images.import',
  'images.delete',
  'annotations.write',
  'versions.freeze',
  'dataset.export',
  'runs.start',
  'runs.stop',
  'artefacts.download',
  'predictions.write',
])
export type Permission = z.infer<typeof Permission>

const VIEWER: readonly Permission[] = ['project.read']
const ANNOTATOR: readonly Permission[] = [
  ...VIEWER,
  'images.import',
  'annotations.write',
  'predictions.write',
]
const MANAGER: readonly Permission[] = [
  ...ANNOTATOR,
  'project.manage',
  'members.manage',
  'images.delete',
  'versions.freeze',
  'dataset.export',
  'runs.start',
  'runs.stop',
  'artefacts.download',
]

/** The one table that decides. The owner of a project may also delete it and hand it over. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  viewer: VIEWER,
  annotator: ANNOTATOR,
  manager: MANAGER,
  owner: [...MANAGER, 'project.delete'],
}

export function roleAllows(role: Role, permission: Permission): boolean {
  return ROLE_PERMISSIONS[role].includes(permission)
}
