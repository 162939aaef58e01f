import type { ConversationStyle } from '../contracts/version.ts'
import type { Size } from '../grounding/coordinates.ts'
import type { GroundedExpression } from '../grounding/document.ts'

/** A record as it stood in an InternVL file, with `text` already read as `value` and the keys in order. */
export type RawRecord = { id?: number | string } & Record<string, unknown>

/** One picture with what is asked about it: what every format is read into and written from. */
export interface GroundedItem {
  kind: 'grounded'
  id: number | string | null
  /** Path below the image folder, with forward slashes. */
  image: string
  /** Pixels of the oriented picture; null = the file does not say, then boxes are in thousandths. */
  size: Size | null
  expressions: GroundedExpression[]
  /** The record it came from, for formats that can keep it word for word. */
  source: { record: RawRecord; style: ConversationStyle; fence: boolean } | null
}

/** A record that is no grounding: text only, several pictures, free talk. Kept word for word. */
export interface ConversationItem {
  kind: 'conversation'
  record: RawRecord
}

export type Item = GroundedItem | ConversationItem

/** One data set of a mixture. */
export interface SourceDataset {
  name: string
  /** Folder that image paths start at. */
  root: string
  repeatTime: number
  dataAugment: boolean
  /** In the order of the file, in batches: one promise per record would be the slowest part. */
  items: AsyncIterable<Item[]>
}

/** What boxes are measured in when a record does not say how large its picture is. */
export const THOUSANDTHS: Size = { width: 1000, height: 1000 }
