import { access } from 'node:fs/promises'
import { BaseModelInfo, type StartRun } from '../contracts/run.ts'
import type { RunPreview, RunProblem } from '../contracts/run-preview.ts'
import { env } from '../env.ts'
import { StudioError } from '../errors.ts'
import { modelFolder } from '../models/model-folder.ts'
import type { Studio } from '../studio.ts'
import { chooseDevices, machine, runsAhead } from './choose-device.ts'
import { countSamples } from './count-samples.ts'
import { configOfPreset, stepsOf } from './presets.ts'
import { publishedFor } from './recipe.ts'

/** Below this a fine-tune mostly learns the samples by heart. */
const FEW_SAMPLES = 20

/** What a start with this input would do, and what speaks against it. Nothing is written. */
export async function previewRun(studio: Studio, input: StartRun, runId = 'preview'): Promise<RunPreview> {
  const { db, paths } = studio
  const [version, model] = await Promise.all([
    db.datasetVersion.findFirst({
      where: { id: input.versionId, projectId: input.projectId },
      select: { contentSha256: true },
    }),
    db.baseModel.findUnique({ where: { id: input.baseModelId } }),
  ])
  if (!version) throw new StudioError('NOT_FOUND', { message: 'There is no such dataset version any more.' })
  if (!model) throw new StudioError('NOT_FOUND', { message: 'There is no such base model any more.' })

  const info = BaseModelInfo.parse(model.info)
  const folder = modelFolder(paths, model)
  const { samples, valSamples } = await countSamples(paths, version.contentSha256)
  const { workerUp, devices: all } = await machine(db)
  const published = publishedFor(input.preset, info)
  const devices = await chooseDevices(db, all, input.processes ?? published?.gpus ?? 1)
  const config = configOfPreset({
    runId,
    modelPath: folder,
    hasValidation: valSamples > 0,
    preset: input.preset,
    info,
    samples,
    overrides: input,
    processes: devices.length,
    hasCuda: devices[0].id.startsWith('cuda:'),
  })
  const preview: Omit<RunPreview, 'problems'> = {
    config,
    devices,
    published: published && { ...published, isExact: published.size === info.size },
    samples,
    valSamples,
    steps: stepsOf(samples, config.train.batch_size, config.train.epochs),
  }
  const problems = [
    ...judge(preview),
    ...judgeDevices(input, preview),
    ...tooManyTiles(info, config.sequence.max_dynamic_patch),
    ...(workerUp ? [] : [{ level: 'warning', code: 'workerDown', field: 'machine', values: {} } as const]),
    ...(await missingParts(folder)),
    ...queueAhead(await runsAhead(db, devices)),
  ]
  return { ...preview, problems }
}

function judge({ samples, valSamples, config }: Omit<RunPreview, 'problems'>): RunProblem[] {
  const problems: RunProblem[] = []
  if (samples === 0) problems.push({ level: 'error', code: 'noTrainSamples', field: 'version', values: {} })
  else if (samples < FEW_SAMPLES) {
    problems.push({ level: 'warning', code: 'fewTrainSamples', field: 'version', values: { samples } })
  }
  if (valSamples === 0)
    problems.push({ level: 'warning', code: 'noValSamples', field: 'version', values: {} })
  if (config.train.batch_size > samples && samples > 0) {
    const values = { batch: config.train.batch_size, samples }
    problems.push({ level: 'warning', code: 'batch', field: 'batchSize', values })
  }
  return problems
}

function judgeDevices(input: StartRun, { devices }: Pick<RunPreview, 'devices'>): RunProblem[] {
  const problems: RunProblem[] = []
  if (input.processes !== null && input.processes > devices.length) {
    const values = { asked: input.processes, available: devices.length }
    problems.push({ level: 'error', code: 'processes', field: 'processes', values })
  }
  if (input.quantization === 'nf4' && !devices[0]?.id.startsWith('cuda:')) {
    problems.push({ level: 'error', code: 'quantization', field: 'quantization', values: {} })
  }
  return problems
}

function tooManyTiles(info: BaseModelInfo, tiles: number): RunProblem[] {
  const values = { tiles, most: info.maxDynamicPatch }
  return tiles > info.maxDynamicPatch
    ? [{ level: 'warning', code: 'moreTiles', field: 'maxDynamicPatch', values }]
    : []
}

async function missingParts(folder: string): Promise<RunProblem[]> {
  const problems: RunProblem[] = []
  if (!(await canRead(env.python))) {
    problems.push({ level: 'error', code: 'pythonMissing', field: 'machine', values: { path: env.python } })
  }
  if (!(await canRead(folder))) {
    problems.push({ level: 'error', code: 'modelMissing', field: 'model', values: { path: folder } })
  }
  return problems
}

async function canRead(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function queueAhead(runs: number): RunProblem[] {
  return runs === 0 ? [] : [{ level: 'info', code: 'queue', field: 'machine', values: { runs } }]
}
