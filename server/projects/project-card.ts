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
    },
  })
  const where = { projectId: { in: projects.map(({ id }) => id) } }
  const [images, annotated, runs] = await Promise.all([
    db.image.groupBy({ by: ['projectId'], where, _count: true, _min: { position: true } }),
    db.image.groupBy({ by: ['projectId'], where: { ...where, revision: { gt: 0 } }, _count: true }),
    db.run.groupBy({ by: ['projectId'], where, _count: true }),
  ])
  // Not as a part of the projects: Prisma would read every image to keep the first (4 s at 100,000).
  const covers = await db.image.findMany({
    where: { OR: images.map(({ projectId, _min }) => ({ projectId, position: _min.position ?? 0 })) },
    select: { id: true, projectId: true },
  })
  const countIn = (groups: { projectId: string; _count: number }[], id: string) =>
    groups.find(({ projectId }) => projectId === id)?._count ?? 0
  return projects.map(({ id, name, createdAt, members }) => ({
    id,
    name,
    createdAt,
    role: viewer.isOwner ? 'owner' : Role.parse(members[0]?.role),
    images: countIn(images, id),
    annotated: countIn(annotated, id),
    runs: countIn(runs, id),
    coverImageId: covers.find(({ projectId }) => projectId === id)?.id ?? null,
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
