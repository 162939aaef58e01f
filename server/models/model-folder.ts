import path from 'node:path'
import { ROOT } from '../env.ts'
import type { DataPaths } from '../storage/paths.ts'

/** The base that comes with the checkout. */
export const BUNDLED_FOLDER = path.join(ROOT, 'trainer/nano/RefBox-Nano')

/** Where the checkpoint of a base model lies. The bundled one moves with the checkout, whatever was stored. */
export function modelFolder(paths: DataPaths, model: { path: string; source: string }): string {
  return model.source === 'bundled' ? BUNDLED_FOLDER : path.resolve(paths.root, model.path)
}

/**
 * What the studio itself makes from a base model (its browser bundle). Never inside the checkpoint's
 * own folder, which may belong to somebody else.
 */
export function modelCacheFolder(paths: DataPaths, modelId: string): string {
  return path.join(paths.models, modelId)
}

/** The browser bundle of a base model, complete when it is there at all. */
export function baseBundleFolder(paths: DataPaths, modelId: string): string {
  return path.join(modelCacheFolder(paths, modelId), 'browser')
}
