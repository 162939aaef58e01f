import { rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Studio } from '../studio.ts'
import { materialiseVersion } from '../versions/materialise.ts'

/**
 * Writes a version as a data set into `folder`, unless it is there already. It appears whole or not at all, so
 * that an interrupted copy is never trained on.
 */
export async function provideDataset(studio: Studio, folder: string, versionId: string): Promise<void> {
  if (await stat(path.join(folder, 'meta.json')).catch(() => null)) return
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await materialiseVersion(studio, versionId, partial)
  await rm(folder, { recursive: true, force: true })
  await rename(partial, folder)
}
