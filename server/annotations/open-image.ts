import type { AnnotationDocument } from '../contracts/annotation.ts'
import { ImageStatus } from '../contracts/image.ts'
import { ProjectSettings } from '../contracts/project.ts'
import { type Role, roleAllows } from '../contracts/roles.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { readDocument } from './records.ts'

/** Everything the annotate page shows of one image, in one answer. */
export interface OpenedImage {
  image: {
    id: string
    projectId: string
    fileName: string
    width: number
    height: number
    status: ImageStatus
    revision: number
    note: string
  }
  document: AnnotationDocument
  labels: { name: string; colour: string }[]
  settings: ProjectSettings
  /** Whether the person's role allows changing anything; the server checks again at every save. */
  mayWrite: boolean
  /** Where it stands among the project's images; `number` counts from 1. */
  place: { number: number; total: number; previousId: string | null; nextId: string | null }
}

export async function openImage(db: Database, imageId: string, role: Role): Promise<OpenedImage> {
  const image = await db.image.findUnique({
    where: { id: imageId },
    select: {
      id: true,
      projectId: true,
      fileName: true,
      width: true,
      height: true,
      status: true,
      revision: true,
      note: true,
      position: true,
      project: {
        select: {
          settings: true,
          labels: { select: { name: true, colour: true }, orderBy: { position: 'asc' } },
        },
      },
    },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
  const { position, project, status, ...fields } = image
  const [document, place] = await Promise.all([
    readDocument(db, imageId),
    placeOf(db, image.projectId, position),
  ])
  return {
    image: { ...fields, status: ImageStatus.parse(status) },
    document,
    labels: project.labels,
    settings: ProjectSettings.parse(project.settings),
    mayWrite: roleAllows(role, 'annotations.write'),
    place,
  }
}

async function placeOf(db: Database, projectId: string, position: number): Promise<OpenedImage['place']> {
  const before = { projectId, position: { lt: position } }
  const after = { projectId, position: { gt: position } }
  const [previous, next, earlier, total] = await Promise.all([
    db.image.findFirst({ where: before, orderBy: { position: 'desc' }, select: { id: true } }),
    db.image.findFirst({ where: after, orderBy: { position: 'asc' }, select: { id: true } }),
    db.image.count({ where: before }),
    db.image.count({ where: { projectId } }),
  ])
  return { number: earlier + 1, total, previousId: previous?.id ?? null, nextId: next?.id ?? null }
}
