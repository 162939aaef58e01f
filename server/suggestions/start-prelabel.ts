import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { ProjectSettings } from '../contracts/project.ts'
import { MAX_PRELABEL_QUESTIONS, type StartPrelabel } from '../contracts/suggestion.ts'
import { newId } from '../db/ids.ts'
import { StudioError } from '../errors.ts'
import { metaFile, metaText } from '../formats/internvl/meta.ts'
import { queueTask } from '../jobs/queue-task.ts'
import { chooseDevices, machine } from '../runs/choose-device.ts'
import { storageError } from '../storage/storage-error.ts'
import type { Studio } from '../studio.ts'
import { askedModel } from './asked-model.ts'
import { prelabelFiles } from './prelabel-files.ts'
import { type ImageQuestions, prelabelQuestions, questionLine } from './prelabel-questions.ts'

/**
 * Puts the questions of a prelabelling into the data folder and the work into the queue. What is asked is settled
 * now: images that come later, or match the filter later, are not part of it.
 * @throws StudioError NOT_FOUND, WRONG_STATE (the model cannot be asked), BAD_REQUEST (nothing to ask), TOO_LARGE,
 *   STORAGE
 */
export async function startPrelabel(
  studio: Studio,
  input: StartPrelabel,
  viewerId: string,
): Promise<{ taskId: string; images: number; questions: number }> {
  const { projectId, model } = input
  const { name: modelName } = await askedModel(studio, projectId, model)
  const asked = await prelabelQuestions(studio.db, input, viewerId)
  const questions = asked.reduce((sum, { expressions }) => sum + expressions.length, 0)
  if (questions === 0) {
    throw new StudioError('BAD_REQUEST', {
      message: input.onlyMissing
        ? 'All of this is annotated on these images already. Choose other images or expressions, or ask again for all.'
        : 'No image matches. Choose others, or clear the filter.',
    })
  }
  if (questions > MAX_PRELABEL_QUESTIONS) {
    throw new StudioError('TOO_LARGE', {
      message: `These are ${questions} questions; ${MAX_PRELABEL_QUESTIONS} fit into one prelabelling. Take fewer images or expressions.`,
    })
  }
  const prelabelId = newId('pl')
  await writeQuestions(studio, projectId, prelabelId, asked)
  const [device] = await chooseDevices(studio.db, (await machine(studio.db)).devices, 1)
  const task = await queueTask(studio.db, {
    ...{ kind: 'prelabel', prelabelId, projectId, model, modelName, device: device.id },
    ...{ images: asked.length, questions },
    expressions: [...new Set(input.expressions.map(({ text }) => text))],
  })
  return { taskId: task.id, images: asked.length, questions }
}

async function writeQuestions(
  { db, paths }: Studio,
  projectId: string,
  prelabelId: string,
  asked: readonly ImageQuestions[],
): Promise<void> {
  const project = await db.project.findUniqueOrThrow({
    where: { id: projectId },
    select: { settings: true },
  })
  const { promptLanguage } = ProjectSettings.parse(project.settings)
  const { folder, questions, meta } = prelabelFiles(paths, prelabelId)
  try {
    await mkdir(folder, { recursive: true })
    const file = await open(questions, 'wx')
    try {
      for (const each of asked) await file.writeFile(questionLine(paths, each, promptLanguage))
    } finally {
      await file.close()
    }
    const dataset = { name: 'prelabel', root: paths.blobs, annotation: questions, length: asked.length }
    await writeFile(meta, metaText(metaFile([dataset], folder, null)))
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw storageError(error) ?? error
  }
}
