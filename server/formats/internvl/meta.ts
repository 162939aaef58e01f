import path from 'node:path'
import type { MetaFile } from '../../contracts/conversation.ts'

export interface MetaDataset {
  name: string
  /** Folder that the records' image paths start at. */
  root: string
  /** The annotation file. */
  annotation: string
  /** Records in it. */
  length: number
  repeatTime?: number
  dataAugment?: boolean
}

/**
 * The file that `--meta_path` names. Relative paths start at the folder of the meta file, which is also
 * where the original scripts have to be started then; absolute ones work from anywhere.
 * @param folder where the meta file is written
 * @param absolute where that folder will lie in the end, for absolute paths; null = relative ones
 */
export function metaFile(
  datasets: readonly MetaDataset[],
  folder: string,
  absolute: string | null,
): MetaFile {
  const place = (target: string) => {
    const below = path.relative(folder, target)
    return absolute === null ? below.split(path.sep).join('/') || '.' : path.resolve(absolute, below)
  }
  return Object.fromEntries(
    datasets.map(({ name, root, annotation, length, repeatTime = 1, dataAugment = false }) => [
      name,
      {
        root: `${place(root)}/`,
        annotation: place(annotation),
        data_augment: dataAugment,
        repeat_time: repeatTime,
        length,
      },
    ]),
  )
}

export function metaText(meta: MetaFile): string {
  return `${JSON.stringify(meta, null, 2)}\n`
}
