import path from 'node:path'
import type { DataPaths } from '../storage/paths.ts'

/** The name under which a fetched folder says where it came from; the trainer writes it. */
export const FETCH_RECORD = 'refbox-source.json'

/** Where a model that is fetched lies: whole in `target`, until then in `partial` (the trainer's own name for it). */
export function fetchFiles({ models }: DataPaths, folder: string) {
  return {
    target: path.join(models, folder),
    partial: path.join(models, `.${folder}.fetching`),
    log: path.join(models, `.${folder}.log`),
  }
}
