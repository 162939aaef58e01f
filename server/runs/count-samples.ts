import type { DataPaths } from '../storage/paths.ts'
import { versionRecords } from '../versions/read-version.ts'

/**
 * How many records of a frozen version the trainer gets as samples: those with an expression, and plain turns.
 * @throws StudioError NOT_FOUND when the data folder has lost the content
 */
export async function countSamples(
  paths: DataPaths,
  contentSha256: string,
): Promise<{ samples: number; valSamples: number }> {
  const count = { samples: 0, valSamples: 0 }
  for await (const record of versionRecords(paths, contentSha256)) {
    if (record.kind === 'image' && record.expressions.length === 0) continue
    if (record.split === 'train') count.samples += 1
    if (record.split === 'val') count.valSamples += 1
  }
  return count
}
