import path from 'node:path'
import type { ConversationRecord } from '../../contracts/conversation.ts'
import type { Split } from '../../contracts/image.ts'
import { OutputFile, writeWhole } from '../output-file.ts'
import { metaFile, metaText } from './meta.ts'

export interface ExportFolderOptions {
  /** Name of the dataset in the meta files and prefix of the annotation files. */
  name: string
  /** Where the folder will lie, for absolute paths in the meta files; null = relative ones. */
  absolute: string | null
}

/** Meta file of each split; training has the plain name because every script asks for it. */
const META_NAMES: Record<Split, string> = { train: 'meta.json', val: 'meta_val.json', test: 'meta_test.json' }

/**
 * Writes `<name>_<split>.jsonl` and the meta files into a folder that can be moved as a whole. Image paths
 * in the records start at the folder. Nothing appears before `commit`.
 */
export class ExportFolder {
  readonly #folder: string
  readonly #options: ExportFolderOptions
  readonly #splits = new Map<Split, { file: OutputFile; length: number }>()

  constructor(folder: string, options: ExportFolderOptions) {
    this.#folder = folder
    this.#options = options
  }

  /** A promise only when it is time to wait: a set of 100,000 records would wait 100,000 times. */
  add(split: Split, record: ConversationRecord): Promise<void> | undefined {
    const part = this.#splits.get(split)
    if (!part) return this.#begin(split).then(() => this.add(split, record))
    part.length += 1
    return part.file.write(`${JSON.stringify(record)}\n`)
  }

  async #begin(split: Split): Promise<void> {
    const file = await OutputFile.open(path.join(this.#folder, `${this.#options.name}_${split}.jsonl`))
    this.#splits.set(split, { file, length: 0 })
  }

  /** @returns records of each split that has any */
  async commit(): Promise<Partial<Record<Split, number>>> {
    const lengths: Partial<Record<Split, number>> = {}
    for (const [split, { file, length }] of this.#splits) {
      await file.commit()
      const { name, absolute } = this.#options
      const dataset = { name: `${name}_${split}`, root: this.#folder, annotation: file.target, length }
      const meta = metaFile([dataset], this.#folder, absolute)
      await writeWhole(path.join(this.#folder, META_NAMES[split]), metaText(meta))
      lengths[split] = length
    }
    return lengths
  }

  async discard(): Promise<void> {
    for (const { file } of this.#splits.values()) await file.discard()
  }
}
