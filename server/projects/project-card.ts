import type { Viewer } from '../auth/viewer.ts'
import { ProjectSettings } from '../contracts/project.ts'
import { Role } from '../contracts/roles.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'

/** What the list of projects shows. */
export interface ProjectCard {
  id: string
  name: string
  role: Role
  images: number
  /** Images that carry at least one accepted change. */
  annotated: number
  runs: number
  /** The first image, for a picture on the card. */
  coverImageId: string | null
  createdAt: Date
}

/** The projects this person works in, newest first; the owner of the studio sees all. */
export async function listProjects(db: Database, viewer: Viewer): Promise<ProjectCard[]> {
  const projects = await db.project.findMany({
    where: viewer.isOwner ? {} : { members: { some: { userId: viewer.id } } },
    orderBy: { createdAt: 'desc' },
    select: {
      id: true,
      name: true,
      createdAt: true,
      members: { where: { userId: viewer.id }, select: { role: true } },
      images: { take: 1, orderBy: { position: 'asc' }, select: { id: true } },
      _count: { select: { images: true, runs: true } },
    },
  })
  const annotated = await db.image.groupBy({
    by: ['projectId'],
    where: { projectId: { in: projects.map(({ id }) => id) }, revision: { gt: 0 } },
    _count: true,
  })
  const annotatedOf = new Map(annotated.map((group) => [group.projectId, group._count]))
  return projects.map(({ id, name, createdAt, members, images, _count }) => ({
    id,
    name,
    createdAt,
    role: viewer.isOwner ? 'owner' : Role.parse(members[0]?.role),
    images: _count.images,
    annotated: annotatedOf.get(id) ?? 0,
    runs: _count.runs,
    coverImageId: images[0]?.id ?? null,
  }))
}

export async function projectById(db: Database, projectId: string, role: Role) {
  const project = await db.project.findUnique({
    where: { id: projectId },
    select: {
      id: true,
      name: true,
      settings: true,
      createdAt: true,
      _count: { select: { images: true, versions: true, runs: true, members: true } },
    },
  })
  if (!project) throw new StudioError('NOT_FOUND', { message: 'There is no such project.' })
  const { _count: counts, settings, ...rest } = project
  return { ...rest, settings: ProjectSettings.parse(settings), role, counts }
}
