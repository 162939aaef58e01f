import type { IngestRefusal } from '../contracts/image.ts'

/** A file that cannot be taken; the others go on. Never leaves server/images: it becomes an IngestResult. */
export class IngestRefused extends Error {
  override readonly name = 'IngestRefused'
  readonly reason: IngestRefusal
  readonly detail: string | undefined

  constructor(reason: IngestRefusal, detail?: string) {
    super(detail ? `${reason}: ${detail}` : reason)
    this.reason = reason
    this.detail = detail
  }
}
