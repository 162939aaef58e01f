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
  const summary = async (model: PredictionModel) => summarise(await bundleFolder(studio, runId, model))
  return { base: await summary('base'), tuned: await summary('tuned') }
}

/** The bundle of a base model; null = it is not there (yet). */
export async function baseBundle(
  studio: Studio,
  model: { id: string; path: string; source: string },
): Promise<BundleSummary | null> {
  return summarise(await freshBaseBundle(studio, model))
}

async function summarise(folder: string | null): Promise<BundleSummary | null> {
  const manifest = await readManifest(folder)
  if (!manifest) return null
  const decoder = manifest.files.find(({ role }) => role === 'decoder')
  return {
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    maxLogitGap: manifest.parity.max_logit_gap,
    version: decoder?.sha256 ?? '',
  }
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
  return fileOf(request, folder, file, `This run has no browser bundle "${model}" (yet).`)
}

/** The same for the bundle of a base model. @throws StudioError NOT_FOUND */
export async function baseBundleFile(
  request: Request,
  studio: Studio,
  { modelId, file }: { modelId: string; file: string },
): Promise<Response> {
  const model = await studio.db.baseModel.findUnique({ where: { id: modelId } })
  const folder = model && (await freshBaseBundle(studio, model))
  return fileOf(request, folder, file, 'This model has no browser bundle (yet).')
}

async function fileOf(
  request: Request,
  folder: string | null,
  file: string,
  missing: string,
): Promise<Response> {
  const manifest = await readManifest(folder)
  if (!folder || !manifest) throw new StudioError('NOT_FOUND', { message: missing })
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

/** @returns null when the base's bundle must be made anew */
async function bundleFolder(studio: Studio, runId: string, model: PredictionModel): Promise<string | null> {
  if (model === 'tuned') return path.join(runFiles(studio.paths, runId).artefacts, 'browser')
  const run = await studio.db.run.findUnique({ where: { id: runId }, select: { baseModel: true } })
  if (!run) throw new StudioError('NOT_FOUND', { message: 'There is no such run any more.' })
  return freshBaseBundle(studio, run.baseModel)
}

/** @returns null when the checkpoint was changed after its bundle was made: that must be made anew */
async function freshBaseBundle(
  { paths }: Studio,
  model: { id: string; path: string; source: string },
): Promise<string | null> {
  const bundle = baseBundleFolder(paths, model.id)
  const checkpoint = await newestChange(modelFolder(paths, model))
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
