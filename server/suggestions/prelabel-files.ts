import path from 'node:path'
import type { DataPaths } from '../storage/paths.ts'

/** The folder of one prelabelling; the trainer and the studio share it. */
export interface PrelabelFiles {
  folder: string
  /** InternVL records, one an image, with one question for each expression. */
  questions: string
  meta: string
  predictions: string
  /** Images the trainer could not open. */
  refused: string
  log: string
}

export function prelabelFiles(paths: DataPaths, prelabelId: string): PrelabelFiles {
  const folder = path.join(paths.prelabels, prelabelId)
  return {
    folder,
    questions: path.join(folder, 'questions.jsonl'),
    meta: path.join(folder, 'meta.json'),
    predictions: path.join(folder, 'predictions.jsonl'),
    refused: path.join(folder, 'refused.jsonl'),
    log: path.join(folder, 'log.txt'),
  }
}
