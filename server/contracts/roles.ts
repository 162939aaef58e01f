import { z } from 'zod'

export const Role = z.enum(['owner', 'manager', 'reviewer', 'annotator', 'viewer'])
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
  /** Accepting and returning other people's work. */
  'annotations.review',
  /** Asking somebody to annotate images. */
  'images.assign',
  /** Asking a model for boxes on many images: it takes the server's time, like a run. */
  'images.prelabel',
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
const REVIEWER: readonly Permission[] = [
  ...ANNOTATOR,
  'annotations.review',
  'images.assign',
  'images.prelabel',
]
const MANAGER: readonly Permission[] = [
  ...REVIEWER,
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
  reviewer: REVIEWER,
  manager: MANAGER,
  owner: [...MANAGER, 'project.delete'],
}

export function roleAllows(role: Role, permission: Permission): boolean {
  return ROLE_PERMISSIONS[role].includes(permission)
}
