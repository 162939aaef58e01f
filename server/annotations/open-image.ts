import type { AnnotationDocument } from '../contracts/annotation.ts'
import type { Attribute } from '../contracts/attribute.ts'
import type { ImageStatus } from '../contracts/image.ts'
import { ProjectSettings } from '../contracts/project.ts'
import { type Role, roleAllows } from '../contracts/roles.ts'
import type { Suggestion } from '../contracts/suggestion.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { listAttributes } from '../projects/attributes.ts'
import { openSuggestions } from '../suggestions/open-suggestions.ts'
import { readSteadily } from './catch-up.ts'

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
  /** What models propose and nobody has judged; no part of the document. */
  suggestions: Suggestion[]
  labels: { name: string; colour: string }[]
  /** What is asked of boxes, in the project's order. */
  attributes: Attribute[]
  settings: ProjectSettings
  /** Whether the person's role allows changing anything; the server checks again at every save. */
  mayWrite: boolean
  /** Whether they may accept and return. */
  mayReview: boolean
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
      note: true,
      project: {
        select: {
          settings: true,
          labels: { select: { name: true, colour: true }, orderBy: { position: 'asc' } },
        },
      },
    },
  })
  if (!image) throw new StudioError('NOT_FOUND', { message: 'This image is not there any more.' })
  const { project, ...fields } = image
  const { document, revision, status } = await readSteadily(db, imageId)
  return {
    image: { ...fields, status, revision },
    document,
    suggestions: await openSuggestions(db, image),
    labels: project.labels,
    attributes: await listAttributes(db, image.projectId),
    settings: ProjectSettings.parse(project.settings),
    mayWrite: roleAllows(role, 'annotations.write'),
    mayReview: roleAllows(role, 'annotations.review'),
  }
}
