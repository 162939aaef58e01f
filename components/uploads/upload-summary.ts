import type { IngestResult } from '../../server/contracts/image.ts'
import type { Upload } from './upload-queue.ts'

export interface UploadSummary {
  files: number
  /** Files that will not change any more. */
  finished: number
  added: number
  duplicate: number
  refused: number
  failed: number
  cancelled: number
  /** Share 0..1 of all bytes that were sent; files that will not be sent any more count as sent. */
  progress: number
  isActive: boolean
}

export function summarise(uploads: readonly Upload[]): UploadSummary {
  const summary = {
    files: uploads.length,
    finished: 0,
    added: 0,
    duplicate: 0,
    refused: 0,
    failed: 0,
    cancelled: 0,
  }
  let bytes = 0
  let sent = 0
  for (const upload of uploads) {
    const isOver = upload.state === 'done' || upload.state === 'failed' || upload.state === 'cancelled'
    if (isOver) summary.finished += 1
    if (upload.state === 'failed') summary.failed += 1
    if (upload.state === 'cancelled') summary.cancelled += 1
    for (const { outcome } of upload.results) summary[outcome] += 1
    // An empty file has no bytes, but is a file to be waited for.
    bytes += upload.bytes + 1
    sent += (upload.bytes + 1) * (isOver ? 1 : upload.sent)
  }
  return {
    ...summary,
    progress: bytes > 0 ? sent / bytes : 0,
    isActive: summary.finished < summary.files,
  }
}

/** One line of the panel: a file that is on its way, or one result (a zip has many). */
export type UploadLine =
  | { kind: 'upload'; key: string; upload: Upload }
  | { kind: 'result'; key: string; result: IngestResult }

/** What needs a look first: failures and refusals, then what is on its way, then what went well. */
export function linesOf(uploads: readonly Upload[]): UploadLine[] {
  const urgent: UploadLine[] = []
  const moving: UploadLine[] = []
  const fine: UploadLine[] = []
  for (const upload of uploads) {
    if (upload.state === 'failed') urgent.push({ kind: 'upload', key: `${upload.id}`, upload })
    else if (upload.state !== 'done') moving.push({ kind: 'upload', key: `${upload.id}`, upload })
    upload.results.forEach((result, index) => {
      const line = { kind: 'result', key: `${upload.id}/${index}`, result } as const
      if (result.outcome === 'refused') urgent.push(line)
      else fine.push(line)
    })
  }
  return [...urgent, ...moving, ...fine.reverse()]
}
