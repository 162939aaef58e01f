import { stat } from 'node:fs/promises'
import { BaseModelId } from '../contracts/ids.ts'
import { baseBundleFolder } from '../models/model-folder.ts'
import type { Studio } from '../studio.ts'
import { queueTask } from './queue-task.ts'

/** The browser compares the tuned model with its base, so the base needs a bundle too: made once, kept for ever. */
export async function provideBaseBundle(studio: Studio, baseModelId: string): Promise<void> {
  if (await stat(baseBundleFolder(studio.paths, baseModelId)).catch(() => null)) return
  await queueTask(studio.db, { kind: 'export-base', baseModelId: BaseModelId.parse(baseModelId) })
}
