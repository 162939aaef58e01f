import { applyChanges } from '../annotations/apply-changes.ts'
import type { AnnotationChange } from '../contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../contracts/ids.ts'
import type { ImageBaking } from '../contracts/image.ts'
import { labelColour } from '../contracts/label-colours.ts'
import { ProjectSettings, type PromptLanguage } from '../contracts/project.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { putBlob } from '../storage/blobs.ts'
import type { Studio } from '../studio.ts'
import { NODE_KINDS } from './chart.ts'
import { drawSample, type SampleChart, splitOf } from './sample-charts.ts'

export interface SampleSize {
  annotated: number
  /** Charts that a person may annotate; they are in no split. */
  bare: number
}

const FULL_SIZE: SampleSize = { annotated: 240, bare: 60 }
const SAMPLE_SEED = 2024
const NAMES: Record<PromptLanguage, string> = { en: 'Sample: flowcharts', zh: '示例：流程图' }

export interface SampleProject {
  id: string
  /** False when this person has one already: it is opened as it is. */
  isNew: boolean
}

const underWay = new Map<string, Promise<SampleProject>>()

/**
 * Makes the sample project of a person, or finds the one they have. A second click while the first is
 * still drawing waits for it.
 */
export function createSampleProject(
  studio: Studio,
  userId: string,
  language: PromptLanguage,
  size: SampleSize = FULL_SIZE,
): Promise<SampleProject> {
  const key = `${studio.paths.root} ${userId}`
  const running = underWay.get(key)
  if (running) return running
  const started = findOrDraw(studio, userId, language, size).finally(() => underWay.delete(key))
  underWay.set(key, started)
  return started
}

async function findOrDraw(
  studio: Studio,
  userId: string,
  language: PromptLanguage,
  size: SampleSize,
): Promise<SampleProject> {
  const existing = await findSample(studio.db, userId)
  if (existing) return { id: existing.id, isNew: false }
  const pictures: StoredChart[] = []
  for await (const sample of drawSample(SAMPLE_SEED, size.annotated + size.bare)) {
    const { sha256 } = await putBlob(studio.paths, sample.chart.bytes)
    pictures.push({ ...sample, sha256, imageId: newId('img'), isBare: sample.index >= size.annotated })
  }
  // All or nothing: a crash before the end leaves no project, and the stored pictures are found again.
  return write(studio.db, async (tx) => {
    const meanwhile = await findSample(tx, userId)
    if (meanwhile) return { id: meanwhile.id, isNew: false }
    const projectId = newId('p')
    await tx.project.create({
      data: {
        id: projectId,
        name: NAMES[language],
        settings: ProjectSettings.parse({ promptLanguage: language }),
        members: { create: { userId, role: 'owner' } },
        labels: {
          create: NODE_KINDS.map((name, position) => ({
            id: newId('lbl'),
            name,
            colour: labelColour(position),
            position,
          })),
        },
      },
    })
    await tx.image.createMany({ data: pictures.map((picture) => imageRow(projectId, picture)) })
    for (const picture of pictures) if (!picture.isBare) await annotate(tx, picture)
    return { id: projectId, isNew: true }
  })
}

/** Only one's own: a sample that somebody shared is theirs to change. */
function findSample(db: Studio['db'] | Transaction, userId: string) {
  return db.project.findFirst({
    where: { members: { some: { userId, role: 'owner' } }, images: { some: { origin: 'sample' } } },
    select: { id: true },
  })
}

interface StoredChart extends SampleChart {
  sha256: string
  imageId: string
  isBare: boolean
}

function imageRow(projectId: string, { index, fileName, chart, sha256, imageId, isBare }: StoredChart) {
  const baking: ImageBaking = {
    format: chart.extension === 'png' ? 'png' : 'jpeg',
    orientation: false,
    colour: false,
    alpha: false,
    depth: false,
    container: false,
  }
  return {
    id: imageId,
    projectId,
    sha256,
    fileName,
    mediaType: chart.mediaType,
    bytes: chart.bytes.byteLength,
    width: chart.width,
    height: chart.height,
    baking,
    origin: 'sample',
    split: isBare ? null : splitOf(index),
    position: index,
  }
}

async function annotate(tx: Transaction, { imageId, expressions }: StoredChart): Promise<void> {
  const changes: AnnotationChange[] = []
  let position = 0
  expressions.forEach(({ kind, text, boxes }, order) => {
    const expressionId = newId('e') as ExpressionId
    const expression = { id: expressionId, kind, text, position: order }
    changes.push({ type: 'expression', id: expressionId, before: null, after: expression })
    for (const [x1, y1, x2, y2] of boxes) {
      const id = newId('b') as BoxId
      const frame = { x: x1, y: y1, width: x2 - x1, height: y2 - y1, position }
      const answers = { expressionIds: [expressionId], attributes: {}, origin: { by: 'sample' as const } }
      changes.push({ type: 'box', id, before: null, after: { id, ...frame, ...answers } })
      position += 1
    }
  })
  await applyChanges(tx, { imageId, operationId: newId('sample'), changes, authorId: null, origin: 'sample' })
  await tx.image.update({ where: { id: imageId }, data: { status: 'done' } })
}
