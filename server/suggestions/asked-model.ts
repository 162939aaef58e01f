import { stat } from 'node:fs/promises'
import path from 'node:path'
import { RunConfig } from '../contracts/run-config.ts'
import type { ModelRef } from '../contracts/suggestion.ts'
import { StudioError } from '../errors.ts'
import { modelFolder } from '../models/model-folder.ts'
import { runFiles } from '../runs/run-files.ts'
import type { Studio } from '../studio.ts'

/** A model as the trainer is told of it. */
export interface AskedModel {
  name: string
  /** A checkpoint folder that is there. */
  folder: string
  /** Tiles that pictures are cut into at most, as in the training; null = as the checkpoint says. */
  maxDynamicPatch: number | null
}

/**
 * @throws StudioError NOT_FOUND (no such model, or another project's run), WRONG_STATE (its weights are not there)
 */
export async function askedModel(studio: Studio, projectId: string, model: ModelRef): Promise<AskedModel> {
  const asked = model.kind === 'base' ? await base(studio, model) : await tuned(studio, projectId, model)
  if (await stat(asked.folder).catch(() => null)) return asked
  throw new StudioError('WRONG_STATE', {
    message:
      model.kind === 'base'
        ? `The folder of ${asked.name} is not there any more. Choose another model.`
        : `${asked.name} has no merged weights to ask; they are made at its end. Resume it, or choose another model.`,
  })
}

async function base(
  { db, paths }: Studio,
  { baseModelId }: Extract<ModelRef, { kind: 'base' }>,
): Promise<AskedModel> {
  const row = await db.baseModel.findUnique({ where: { id: baseModelId } })
  if (!row) throw new StudioError('NOT_FOUND', { message: 'The base model was removed.' })
  return { name: row.name, folder: modelFolder(paths, row), maxDynamicPatch: null }
}

async function tuned(
  { db, paths }: Studio,
  projectId: string,
  { runId }: Extract<ModelRef, { kind: 'tuned' }>,
): Promise<AskedModel> {
  const run = await db.run.findFirst({
    where: { id: runId, projectId },
    select: { name: true, number: true, config: true },
  })
  if (!run) throw new StudioError('NOT_FOUND', { message: 'There is no such run in this project any more.' })
  return {
    name: tunedName(run),
    folder: path.join(runFiles(paths, runId).artefacts, 'merged'),
    maxDynamicPatch: RunConfig.parse(run.config).sequence.max_dynamic_patch,
  }
}

export function tunedName({ name, number }: { name: string; number: number }): string {
  return name || `#${number}`
}
