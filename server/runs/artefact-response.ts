import { createHash } from 'node:crypto'
import path from 'node:path'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { StudioError } from '../errors.ts'
import { contentDisposition, fileResponse } from '../storage/file-response.ts'
import type { OpenArtefact } from './open-artefact.ts'

const MANIFEST = 'manifest.json'
const TYPES: Record<string, string> = {
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

/** One file of an artefact, with byte ranges. Only what the manifest names is there. */
export async function artefactFile(
  request: Request,
  artefact: OpenArtefact,
  file: string,
): Promise<Response> {
  const entry = artefact.files.find((candidate) => candidate.file === file)
  if (entry) {
    return fileResponse(request, path.join(artefact.folder, entry.file), {
      type: TYPES[path.extname(file)] ?? 'application/octet-stream',
      name: path.basename(file),
      etag: entry.sha256,
      download: true,
    })
  }
  if (file === MANIFEST) return manifestResponse(artefact)
  throw new StudioError('NOT_FOUND', {
    message: `There is no file "${file}" here; ${MANIFEST} lists all of them.`,
  })
}

/** A bundle brings its own manifest.json as a file; the others get this one. */
function manifestResponse({ manifest }: OpenArtefact): Response {
  return new Response(manifest, {
    headers: {
      'content-type': TYPES['.json'] ?? '',
      'content-disposition': contentDisposition(MANIFEST, true),
      'cache-control': 'private, no-cache',
      etag: `"${createHash('sha256').update(manifest).digest('hex')}"`,
      'x-content-type-options': 'nosniff',
    },
  })
}

/** All files as one zip while it is made: stored, not compressed, since weights do not shrink. */
export function artefactZip(request: Request, artefact: OpenArtefact): Response {
  const zip = new ZipFile()
  for (const { file } of artefact.files) {
    zip.addFile(path.join(artefact.folder, file), `${artefact.name}/${file}`, { compress: false })
  }
  if (!artefact.files.some(({ file }) => file === MANIFEST)) {
    zip.addBuffer(Buffer.from(artefact.manifest), `${artefact.name}/${MANIFEST}`, { compress: false })
  }
  const output = new Readable().wrap(zip.outputStream)
  // A file that has gone since would otherwise leave the download hanging.
  zip.on('error', (error) => output.destroy(error))
  request.signal.addEventListener('abort', () => output.destroy(), { once: true })
  zip.end()
  return new Response(Readable.toWeb(output) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': contentDisposition(`${artefact.name}.zip`, true),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
