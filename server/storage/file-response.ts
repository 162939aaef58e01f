import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { StudioError } from '../errors.ts'
import { parseByteRange } from './byte-range.ts'

export interface ServedFile {
  /** Fixed by us from the content; never what an uploader said. */
  type: string
  /** What the browser calls the file when it is saved. */
  name: string
  /** Usually the sha256. Without quotes. */
  etag: string
  /** Offer to save it rather than show it. */
  download?: boolean
  /** The URL names a content that never changes: browsers need not ask again. */
  immutable?: boolean
}

/**
 * Streams a file with byte ranges, so that downloads can be resumed: Range, If-Range, If-None-Match, HEAD.
 * Next takes Content-Length away and sends in chunks (a download that is cut off is still noticed); who needs
 * the size beforehand asks for `Range: bytes=0-` and reads it from Content-Range.
 * User bytes never run as a page: nosniff, and a CSP that forbids everything.
 * @throws StudioError NOT_FOUND when there is no such file
 */
export async function fileResponse(request: Request, file: string, served: ServedFile): Promise<Response> {
  const info = await stat(file).catch(() => null)
  if (!info?.isFile()) {
    throw new StudioError('NOT_FOUND', { message: `The file ${served.name} is not there any more.` })
  }
  const size = info.size
  const etag = `"${served.etag}"`
  const headers = new Headers({
    etag,
    'accept-ranges': 'bytes',
    'content-type': served.type,
    'content-disposition': contentDisposition(served.name, served.download ?? false),
    'cache-control': served.immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
  })
  if (isNotModified(request, etag)) return new Response(null, { status: 304, headers })

  const ifRange = request.headers.get('if-range')
  // After a change of the file the rest of the old one must not be glued to the new one.
  const asked = ifRange === null || ifRange === etag ? request.headers.get('range') : null
  const range = parseByteRange(asked, size)
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  headers.set('content-length', String(range ? range.end - range.start + 1 : size))
  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`)
  const status = range ? 206 : 200
  if (request.method === 'HEAD' || size === 0) return new Response(null, { status, headers })
  const stream = createReadStream(file, range ?? {})
  // A page that is left closes the connection; the file must be closed with it.
  request.signal.addEventListener('abort', () => stream.destroy(), { once: true })
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { status, headers })
}

function isNotModified(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match')
  if (known === null) return false
  return known.split(',').some((candidate) => [etag, `W/${etag}`, '*'].includes(candidate.trim()))
}

/** RFC 6266: a plain name for old clients, the real one percent-encoded. Quotes and line breaks stay out. */
export function contentDisposition(name: string, download: boolean): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${download ? 'attachment' : 'inline'}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
