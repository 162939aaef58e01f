import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { BrowserBundle } from '../contracts/browser-bundle.ts'
import { PredictionModel } from '../contracts/prediction.ts'
import { StudioError } from '../errors.ts'
import { baseBundleFolder, modelFolder } from '../models/model-folder.ts'
import { runFiles } from '../runs/run-files.ts'
import { fileResponse } from '../storage/file-response.ts'
import type { Studio } from '../studio.ts'

const MANIFEST = 'manifest.json'

export interface BundleSummary {
  /** Of all files together. */
  bytes: number
  maxLogitGap: number
  /** Changes with the bundle. */
  version: string
}

/** Which of the two models of a run can be run in the browser; null = its bundle is not there (yet). */
export async function browserBundles(
  studio: Studio,
  runId: string,
): Promise<Record<PredictionModel, BundleSummary | null>> {
  const summary = async (model: PredictionModel) => {
    const manifest = await readManifest(await bundleFolder(studio, runId, model))
    if (!manifest) return null
    const decoder = manifest.files.find(({ role }) => role === 'decoder')
    return {
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      maxLogitGap: manifest.parity.max_logit_gap,
      version: decoder?.sha256 ?? '',
    }
  }
  return { base: await summary('base'), tuned: await summary('tuned') }
}

/**
 * One file of a bundle, with byte ranges. Only the manifest and what it names is there: the name in the
 * address is looked up, never joined to a path.
 * @throws StudioError NOT_FOUND
 */
export async function bundleFile(
  request: Request,
  studio: Studio,
  { runId, model, file }: { runId: string; model: string; file: string },
): Promise<Response> {
  const known = PredictionModel.safeParse(model)
  const folder = known.success ? await bundleFolder(studio, runId, known.data) : null
  const manifest = await readManifest(folder)
  if (!folder || !manifest) {
    throw new StudioError('NOT_FOUND', { message: `This run has no browser bundle "${model}" (yet).` })
  }
  if (file === MANIFEST) {
    return Response.json(manifest, {
      headers: { 'cache-control': 'private, no-cache', 'cross-origin-resource-policy': 'same-origin' },
    })
  }
  const entry = manifest.files.find((candidate) => candidate.file === file)
  if (!entry) {
    throw new StudioError('NOT_FOUND', {
      message: `The bundle has no file "${file}"; ${MANIFEST} lists all.`,
    })
  }
  // Not immutable: the address names a model of the run, whose bundle is made anew after a resume.
  return fileResponse(request, path.join(folder, entry.file), {
    type: file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
    name: path.basename(file),
    etag: entry.sha256,
  })
}

/** @returns null when the base's checkpoint was changed after its bundle was made: that must be made anew */
async function bundleFolder(studio: Studio, runId: string, model: PredictionModel): Promise<string | null> {
  if (model === 'tuned') return path.join(runFiles(studio.paths, runId).artefacts, 'browser')
  const run = await studio.db.run.findUnique({ where: { id: runId }, select: { baseModel: true } })
  if (!run) throw new StudioError('NOT_FOUND', { message: 'There is no such run any more.' })
  const bundle = baseBundleFolder(studio.paths, run.baseModel.id)
  const checkpoint = await newestChange(modelFolder(studio.paths, run.baseModel))
  return checkpoint > (await changedAt(path.join(bundle, MANIFEST))) ? null : bundle
}

async function newestChange(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => [])
  return Math.max(0, ...(await Promise.all(files.map((file) => changedAt(path.join(folder, file))))))
}

async function changedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0
}

async function readManifest(folder: string | null): Promise<BrowserBundle | null> {
  if (folder === null) return null
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => null)
  return text === null ? null : BrowserBundle.parse(JSON.parse(text))
}
