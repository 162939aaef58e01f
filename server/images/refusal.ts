import type { IngestResult } from '../contracts/image.ts'
import type { IngestRefused } from './ingest-refused.ts'

export type Refused = Extract<IngestResult, { outcome: 'refused' }>

export function refusal(file: string, { reason, detail }: IngestRefused): Refused {
  return { outcome: 'refused', file, reason, ...(detail ? { detail } : {}) }
}
