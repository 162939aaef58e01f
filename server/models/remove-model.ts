import { rm } from 'node:fs/promises'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { modelCacheFolder } from './model-folder.ts'

/**
 * Forgets a base model. Its folder is left alone; what the studio made from it goes.
 * @throws StudioError WRONG_STATE when runs were started from it, or when it would come back at once
 */
export async function removeModel(studio: Studio, modelId: string): Promise<void> {
  const model = await studio.db.baseModel.findUnique({
    where: { id: modelId },
    select: { name: true, source: true, path: true, _count: { select: { runs: true } } },
  })
  if (!model) throw new StudioError('NOT_FOUND', { message: 'There is no such base model.' })
  if (model.source === 'bundled') {
    throw new StudioError('WRONG_STATE', { message: 'The bundled model belongs to the program; it stays.' })
  }
  if (model._count.runs > 0) {
    throw new StudioError('WRONG_STATE', {
      message: `${model._count.runs} runs were started from "${model.name}". Delete them first, or keep the model.`,
    })
  }
  if (model.path.startsWith('models/')) {
    throw new StudioError('WRONG_STATE', {
      message: `"${model.name}" lies in the data folder (${model.path}). Remove the folder there; the list follows.`,
    })
  }
  await studio.db.baseModel.delete({ where: { id: modelId } })
  await rm(modelCacheFolder(studio.paths, modelId), { recursive: true, force: true })
}
