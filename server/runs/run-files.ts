import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type DataPaths, runFolder } from '../storage/paths.ts'

/** Everything in the folder of one run. The trainer and the studio share it; nobody else writes there. */
export interface RunFiles {
  folder: string
  config: string
  events: string
  log: string
  /** What the trainer's estimate said before the start; missing when it had not been asked. */
  estimate: string
  /** The studio's own note about the newest launch (see LaunchNote). */
  launch: string
  dataset: string
  checkpoints: string
  artefacts: string
  predictions: string
}

export function runFiles(paths: DataPaths, runId: string): RunFiles {
  const folder = runFolder(paths, runId)
  return {
    folder,
    config: path.join(folder, 'run.json'),
    events: path.join(folder, 'events.jsonl'),
    log: path.join(folder, 'log.txt'),
    estimate: path.join(folder, 'estimate.json'),
    launch: path.join(folder, 'launch.json'),
    dataset: path.join(folder, 'dataset'),
    checkpoints: path.join(folder, 'checkpoints'),
    artefacts: path.join(folder, 'artefacts'),
    predictions: path.join(folder, 'predictions'),
  }
}

/**
 * Steps of the checkpoints on disk, in order. The trainer writes to another name and renames, so whatever
 * carries the name is complete.
 */
export async function checkpointSteps(files: RunFiles): Promise<number[]> {
  const names = await readdir(files.checkpoints).catch(() => [])
  return names
    .flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/** Step of the newest checkpoint on disk, or null. */
export async function lastCheckpointStep(files: RunFiles): Promise<number | null> {
  return (await checkpointSteps(files)).at(-1) ?? null
}
