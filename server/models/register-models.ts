import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { BaseModelSource } from '../contracts/run.ts'
import { newId } from '../db/ids.ts'
import { isStudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { inspectModel } from './inspect-model.ts'
import { BUNDLED_FOLDER } from './model-folder.ts'

/** How the bundled model is stored, so that moving the checkout does not make it another one. */
const BUNDLED_PATH = 'bundled:RefBox-Nano'

/** What a folder in data/models was refused for; shown on the Models page, the others are not affected. */
export interface RefusedFolder {
  name: string
  problem: string
}

/**
 * Registers the bundled base and every checkpoint folder in data/models, and reads anew what these and
 * the folders added by path hold. Run at boot and when the list is opened, so that copying a folder there is all it takes.
 */
export async function registerModels(studio: Studio): Promise<RefusedFolder[]> {
  const refused: RefusedFolder[] = []
  const folders = await readdir(studio.paths.models, { withFileTypes: true })
  const rows = await studio.db.baseModel.findMany({ select: { id: true, path: true } })
  const known = new Set(rows.map(({ id }) => id))
  const candidates = [
    { folder: BUNDLED_FOLDER, stored: BUNDLED_PATH, source: 'bundled' as const },
    ...folders
      // A folder named by an id holds what the studio made from that model.
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !known.has(entry.name))
      .map(({ name }) => ({
        folder: path.join(studio.paths.models, name),
        stored: `models/${name}`,
        source: 'folder' as const,
      })),
    ...rows
      .filter((row) => path.isAbsolute(row.path))
      .map((row) => ({ folder: row.path, stored: row.path, source: 'folder' as const })),
  ]
  for (const { folder, stored, source } of candidates) {
    try {
      await register(studio, { folder, stored, source })
    } catch (error) {
      if (!isStudioError(error)) throw error
      refused.push({ name: path.basename(folder), problem: error.userMessage })
    }
  }
  return refused
}

/** One row a folder, however often it is registered. */
export async function register(
  { db }: Studio,
  model: { folder: string; stored: string; source: BaseModelSource; name?: string },
): Promise<string> {
  const info = await inspectModel(model.folder)
  const name = model.name || path.basename(model.folder)
  const row = await db.baseModel.upsert({
    where: { path: model.stored },
    create: { id: newId('m'), name, path: model.stored, source: model.source, info },
    update: { info },
    select: { id: true },
  })
  return row.id
}
