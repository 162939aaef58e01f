import { annotatePicture } from '../charts/annotate-picture.ts'
import type { Picture } from '../charts/draw-picture.ts'
import { drawPictures } from '../charts/draw-pictures.ts'
import { type DrawPlan, newPlan } from '../charts/draw-plan.ts'
import { DrawOptions } from '../contracts/chart.ts'
import type { ImageBaking } from '../contracts/image.ts'
import { labelColour } from '../contracts/label-colours.ts'
import { ProjectSettings, type PromptLanguage } from '../contracts/project.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { processWide } from '../process-wide.ts'
import { putBlob } from '../storage/blobs.ts'
import type { Studio } from '../studio.ts'

export interface SampleSize {
  annotated: number
  /** Charts that a person may annotate; they are in no split. */
  bare: number
  /** Everybody's sample project has the same charts; the command line may ask for others. */
  seed?: number
}

const FULL_SIZE: SampleSize = { annotated: 240, bare: 60 }
const SAMPLE_SEED = 2024
const NAMES: Record<PromptLanguage, string> = { en: 'Sample: flowcharts', zh: '示例：流程图' }
export interface SampleProject {
  id: string
  /** False when this person has one already: it is opened as it is. */
  isNew: boolean
}

export interface SampleProgress {
  done: number
  total: number
}

interface UnderWay {
  project: Promise<SampleProject>
  progress: SampleProgress
}

const underWay = processWide('samples', () => new Map<string, UnderWay>())

/** How far the sample of a person is drawn; null when none is being drawn. */
export function sampleProgress(studio: Studio, userId: string): SampleProgress | null {
  return underWay.get(keyOf(studio, userId))?.progress ?? null
}

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
  const key = keyOf(studio, userId)
  const running = underWay.get(key)
  if (running) return running.project
  const progress = { done: 0, total: size.annotated + size.bare }
  const project = findOrDraw(studio, userId, language, size, progress).finally(() => underWay.delete(key))
  underWay.set(key, { project, progress })
  return project
}

function keyOf(studio: Studio, userId: string): string {
  return `${studio.paths.root} ${userId}`
}

/** The plan of the sample; the words inside the charts are English and Chinese in any language. */
export function samplePlan(
  language: PromptLanguage,
  { annotated, bare, seed = SAMPLE_SEED }: SampleSize,
): DrawPlan {
  const random = annotated + bare
  return newPlan([], DrawOptions.parse({ seed, language, random, unannotated: bare / random }))
}

async function findOrDraw(
  studio: Studio,
  userId: string,
  language: PromptLanguage,
  size: SampleSize,
  progress: SampleProgress,
): Promise<SampleProject> {
  const existing = await findSample(studio.db, userId)
  if (existing) return { id: existing.id, isNew: false }
  const plan = samplePlan(language, size)
  const pictures: StoredPicture[] = []
  for await (const { bytes, ...picture } of drawPictures(plan)) {
    const stored = await putBlob(studio.paths, bytes)
    pictures.push({ ...picture, ...stored, imageId: newId('img') })
    progress.done += 1
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
          create: plan.options.classes.map(({ names }, position) => ({
            id: newId('lbl'),
            name: names[language],
            colour: labelColour(position),
            position,
          })),
        },
      },
    })
    await tx.image.createMany({ data: pictures.map((picture) => imageRow(projectId, picture)) })
    for (const { split, imageId, expressions } of pictures) {
      const by = { authorId: null, origin: { by: 'sample' }, batch: 'sample' } as const
      if (split) await annotatePicture(tx, imageId, expressions, by)
    }
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

interface StoredPicture extends Omit<Picture, 'bytes'> {
  sha256: string
  bytes: number
  imageId: string
}

function imageRow(projectId: string, { imageId, index, fileName, split, ...picture }: StoredPicture) {
  const baking: ImageBaking = {
    format: picture.extension === 'png' ? 'png' : 'jpeg',
    orientation: false,
    colour: false,
    alpha: false,
    depth: false,
    container: false,
  }
  const { sha256, bytes, width, height, mediaType } = picture
  const file = { sha256, bytes, width, height, mediaType, fileName }
  return { ...file, id: imageId, projectId, baking, origin: 'sample', split, position: index }
}
