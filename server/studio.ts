import { mkdirSync } from 'node:fs'
import { type Database, openDatabase } from './db/client.ts'
import { env } from './env.ts'
import { processWide } from './process-wide.ts'
import { type DataPaths, dataPaths } from './storage/paths.ts'

/** What every rule needs from its surroundings: the facts, and where the bytes lie. */
export interface Studio {
  db: Database
  paths: DataPaths
}

export async function openStudio(dataDir: string = env.dataDir): Promise<Studio> {
  const paths = dataPaths(dataDir)
  const { blobs, thumbnails, tiles, runs, models, temporary } = paths
  for (const folder of [blobs, thumbnails, tiles, runs, models, temporary]) {
    mkdirSync(folder, { recursive: true })
  }
  return { db: await openDatabase(paths.database), paths }
}

/** What `studio()` gives, once it was asked for. A test puts its own here. */
export const theStudio = processWide<{ opened?: Promise<Studio> }>('studio', () => ({}))

/** The one studio of this process. */
export function studio(): Promise<Studio> {
  theStudio.opened ??= openStudio()
  return theStudio.opened
}
