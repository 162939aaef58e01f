import { ExportFolder } from '../formats/internvl/export-folder.ts'
import type { DataPaths } from '../storage/paths.ts'
import { imageNames } from './image-names.ts'
import type { Version } from './read-version.ts'
import { versionRecords } from './read-version.ts'
import { renderRecord } from './render-record.ts'

/** A picture of the export: which blob, and its path inside the folder. */
export interface ExportedImage {
  sha256: string
  path: string
}

/**
 * Writes the annotation and meta files of a version, without the pictures.
 * @returns the pictures that belong beside them, each once
 */
export async function writeAnnotations(
  paths: DataPaths,
  version: Version,
  folder: string,
  { absolute }: { absolute: string | null },
): Promise<ExportedImage[]> {
  const output = new ExportFolder(folder, { name: datasetName(version), absolute })
  const name = imageNames()
  const images = new Map<string, string>()
  const nameOf = (image: Parameters<typeof name>[0]) => {
    const path = name(image)
    images.set(image.sha256, path)
    return path
  }
  let id = 0
  try {
    for await (const frozen of versionRecords(paths, version.contentSha256)) {
      const { record } = renderRecord(frozen, id, version.options.conversation, nameOf)
      id += 1
      const pending = record && output.add(frozen.split, record)
      if (pending) await pending
    }
    await output.commit()
  } catch (error) {
    await output.discard()
    throw error
  }
  return [...images].map(([sha256, path]) => ({ sha256, path }))
}

/** Name of the data set in the meta files, e.g. `valves_v3`: plain letters, because paths are made of it. */
export function datasetName(version: Pick<Version, 'number' | 'project'>): string {
  const slug = version.project.name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
  return `${slug || 'dataset'}_v${version.number}`
}
