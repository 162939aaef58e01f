import type { Item, SourceDataset } from './item.ts'

/** Takes the items of one data set after the other; what it writes appears only at `commit`. */
export interface FormatWriter {
  begin(dataset: Omit<SourceDataset, 'items'>): Promise<void>
  /** A promise only when it is time to wait for the disk. */
  add(item: Item): Promise<void> | undefined
  /** @returns the files, in the order they were begun, and the records in them */
  commit(): Promise<{ files: string[]; records: number }>
  discard(): Promise<void>
}
