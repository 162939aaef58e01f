import { type WireError, WireError as WireErrorSchema } from '../../server/contracts/errors.ts'
import { IngestResult } from '../../server/contracts/image.ts'

export interface SendFile {
  projectId: string
  path: string
  file: File
  signal: AbortSignal
  /** Share 0..1 of the bytes that have left this computer. */
  onSent: (share: number) => void
  /** What became of the file, or of one entry of the zip, as soon as the server knows. */
  onResult: (result: IngestResult) => void
}

/** Thrown when the request as a whole was refused, or never got there. */
export type SendFailure = WireError | { code: 'NETWORK' | 'ABORTED'; message: string }

/**
 * One file to POST /api/projects/<id>/upload. XMLHttpRequest and not fetch: only it tells how much of the
 * body has been sent, and it hands out the answer's lines while a long zip is still being read.
 * @throws SendFailure
 */
export function sendFile({ projectId, path, file, signal, onSent, onResult }: SendFile): Promise<void> {
  return new Promise((resolve, reject: (failure: SendFailure) => void) => {
    const request = new XMLHttpRequest()
    const lines = lineReader((line) => {
      const result = IngestResult.safeParse(JSON.parse(line))
      if (result.success) onResult(result.data)
    })
    request.open('POST', `/api/projects/${projectId}/upload?name=${encodeURIComponent(path)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = (event) => onSent(event.total > 0 ? event.loaded / event.total : 0)
    request.onprogress = () => {
      if (request.status === 200) lines.read(request.responseText)
    }
    request.onload = () => {
      if (request.status !== 200) return reject(refusal(request))
      lines.read(request.responseText)
      lines.end()
      resolve()
    }
    request.onerror = () => reject({ code: 'NETWORK', message: 'The server did not answer.' })
    request.onabort = () => reject({ code: 'ABORTED', message: 'Cancelled.' })
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) return reject({ code: 'ABORTED', message: 'Cancelled.' })
    request.send(file)
  })
}

function refusal(request: XMLHttpRequest): WireError {
  try {
    return WireErrorSchema.parse(JSON.parse(request.responseText))
  } catch {
    return { code: 'INTERNAL', message: `${request.status} ${request.statusText}` }
  }
}

/** Cuts a text that only ever grows into its complete lines, each told once. */
export function lineReader(onLine: (line: string) => void) {
  let done = 0
  let text = ''
  return {
    read(whole: string): void {
      text = whole
      for (let end = text.indexOf('\n', done); end >= 0; end = text.indexOf('\n', done)) {
        const line = text.slice(done, end).trim()
        done = end + 1
        if (line) onLine(line)
      }
    },
    /** The last line may have no line break. */
    end(): void {
      const line = text.slice(done).trim()
      done = text.length
      if (line) onLine(line)
    },
  }
}
