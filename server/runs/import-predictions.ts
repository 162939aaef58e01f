import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Prisma } from '../../prisma/generated/client.ts'
import { PredictionLine, type PredictionModel } from '../contracts/prediction.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import type { Studio } from '../studio.ts'
import { imageNames } from '../versions/image-names.ts'
import { readVersion, versionRecords } from '../versions/read-version.ts'
import { renderRecord } from '../versions/render-record.ts'
import { runFiles } from './run-files.ts'

function predictionsFile(studio: Studio, runId: string, model: PredictionModel): string {
  return path.join(runFiles(studio.paths, runId).predictions, `${model}.jsonl`)
}

export async function hasPredictions(
  studio: Studio,
  runId: string,
  model: PredictionModel,
): Promise<boolean> {
  return (await stat(predictionsFile(studio, runId, model)).catch(() => null)) !== null
}

/**
 * Puts a predictions file of the trainer into the database, in place of the server predictions of this
 * model that were there. Pictures that were deleted since the freeze are left out.
 * @returns number of predictions taken over
 * @throws ZodError when a line is not of the agreed shape
 */
export async function importPredictions(
  studio: Studio,
  runId: string,
  model: PredictionModel,
): Promise<number> {
  const run = await studio.db.run.findUniqueOrThrow({
    where: { id: runId },
    select: { device: true, projectId: true, datasets: { select: { versionId: true } } },
  })
  const imageIds = await imagesByPath(
    studio,
    run.datasets.map(({ versionId }) => versionId),
  )
  const images = await studio.db.image.findMany({ where: { projectId: run.projectId }, select: { id: true } })
  const present = new Set(images.map(({ id }) => id))
  const rows: Prisma.PredictionCreateManyInput[] = []
  for await (const line of createInterface({
    input: createReadStream(predictionsFile(studio, runId, model)),
  })) {
    if (line === '') continue
    const { image, expression, prompt, text, boxes, tokens, ms } = PredictionLine.parse(JSON.parse(line))
    const imageId = imageIds.get(image)
    if (imageId === undefined || !present.has(imageId)) continue
    const answer = { expression, prompt, text, boxes, tokens, milliseconds: Math.round(ms) }
    rows.push({ id: newId('q'), runId, imageId, model, source: 'server', backend: run.device, ...answer })
  }
  await write(studio.db, async (tx) => {
    await tx.prediction.deleteMany({ where: { runId, model, source: 'server' } })
    await tx.prediction.createMany({ data: rows })
  })
  return rows.length
}

/** The export gives every picture a name of its own; here the way back, by giving the names once more. */
async function imagesByPath(studio: Studio, versionIds: string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const versionId of versionIds) {
    const version = await readVersion(studio.db, versionId)
    const nameOf = imageNames()
    let number = 0
    for await (const record of versionRecords(studio.paths, version.contentSha256)) {
      renderRecord(record, number, version.options.conversation, (image) => {
        const name = nameOf(image)
        if (record.kind === 'image') ids.set(name, record.imageId)
        return name
      })
      number += 1
    }
  }
  return ids
}
