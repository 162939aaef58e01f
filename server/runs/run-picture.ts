import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { StudioError } from '../errors.ts'
import { fileResponse } from '../storage/file-response.ts'
import type { Studio } from '../studio.ts'
import { runFiles } from './run-files.ts'

const TYPES: Record<string, string> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp' }

/**
 * A picture of the frozen data set in the folder of a run. It is there also when the image itself was deleted since.
 * @param file as an `example` event names it, e.g. `images/login.png`
 * @throws StudioError NOT_FOUND for anything else than a picture of this run
 */
export async function runPicture(
  request: Request,
  { paths }: Studio,
  runId: string,
  file: string,
): Promise<Response> {
  const folder = path.join(runFiles(paths, runId).dataset, 'images')
  const type = TYPES[path.extname(file).toLowerCase()]
  const target = path.join(runFiles(paths, runId).dataset, file)
  // What links point to counts, not how the path is written.
  const [real, within] = await Promise.all([target, folder].map((one) => realpath(one).catch(() => null)))
  if (!type || !real || !within || !real.startsWith(within + path.sep)) {
    throw new StudioError('NOT_FOUND', { message: 'This run has no such picture (any more).' })
  }
  const name = path.basename(file)
  // The data set of a run never changes under its name.
  return fileResponse(request, real, { type, name, etag: `${runId}-${name}`, immutable: true })
}
