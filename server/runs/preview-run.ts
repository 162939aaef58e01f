import { access, statfs } from 'node:fs/promises'
import { BaseModelInfo, type StartRun } from '../contracts/run.ts'
import type { RunPreview, RunProblem } from '../contracts/run-preview.ts'
import { env } from '../env.ts'
import { StudioError } from '../errors.ts'
import { modelFolder } from '../models/model-folder.ts'
import type { Studio } from '../studio.ts'
import { chooseDevice, machine, runsAhead } from './choose-device.ts'
import { datasetFacts } from './dataset-facts.ts'
import { estimateDisk, estimateMemory, estimateSeconds } from './estimate.ts'
import { measuredSpeed } from './measured-speed.ts'
import { configOfPreset, sequenceOf, stepsOf } from './presets.ts'

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
  const sequence = sequenceOf(info, input.maxDynamicPatch)
  const facts = await datasetFacts(paths, version.contentSha256, info, sequence)
  const { workerUp, devices } = await machine(db)
  const device = await chooseDevice(db, devices)
  const config = configOfPreset({
    runId,
    modelPath: folder,
    hasValidation: facts.valSamples > 0,
    preset: input.preset,
    info,
    samples: facts.samples,
    overrides: input,
  })
  const measured = await measuredSpeed(studio, device.id)
  const known = {
    speed: measured?.speed ?? null,
    restSeconds: measured?.baseModelId === model.id ? measured.restSeconds : null,
  }
  const disk = await statfs(paths.root)
  const preview: Omit<RunPreview, 'problems'> = {
    config,
    device,
    memory: estimateMemory(info, config, facts, device),
    seconds: estimateSeconds(info, config, facts, device, known),
    diskBytes: estimateDisk(info, config),
    diskFreeBytes: disk.bavail * disk.bsize,
    samples: facts.samples,
    valSamples: facts.valSamples,
    tooLong: facts.tooLong,
    steps: stepsOf(facts.samples, config.train.batch_size, config.train.epochs),
    basis: measured === null ? 'rough' : 'measured',
  }
  const problems = [
    ...judge(preview),
    ...tooManyTiles(info, sequence.max_dynamic_patch),
    ...(workerUp ? [] : [{ level: 'warning', code: 'workerDown', field: 'machine', values: {} } as const]),
    ...(await missingParts(folder)),
    ...queueAhead(await runsAhead(db, device.id)),
  ]
  return { ...preview, problems }
}

function judge(preview: Omit<RunPreview, 'problems'>): RunProblem[] {
  const problems: RunProblem[] = []
  const { samples, valSamples, tooLong, device, diskBytes, diskFreeBytes, config } = preview
  if (samples === 0) problems.push({ level: 'error', code: 'noTrainSamples', field: 'version', values: {} })
  else if (samples < FEW_SAMPLES) {
    problems.push({ level: 'warning', code: 'fewTrainSamples', field: 'version', values: { samples } })
  }
  if (valSamples === 0)
    problems.push({ level: 'warning', code: 'noValSamples', field: 'version', values: {} })
  if (tooLong > 0) {
    const limit = config.sequence.max_length
    problems.push({ level: 'warning', code: 'tooLong', field: 'version', values: { tooLong, limit } })
  }
  const needed = Object.values(preview.memory).reduce((sum, bytes) => sum + bytes, 0)
  if (needed > device.memoryBytes) {
    const values = { needed, available: device.memoryBytes, device: device.name }
    problems.push({ level: 'warning', code: 'memory', field: 'preset', values })
  }
  if (diskBytes > diskFreeBytes) {
    const values = { needed: diskBytes, available: diskFreeBytes }
    problems.push({ level: 'error', code: 'disk', field: 'machine', values })
  }
  if (config.train.batch_size > samples && samples > 0) {
    const values = { batch: config.train.batch_size, samples }
    problems.push({ level: 'warning', code: 'batch', field: 'batchSize', values })
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
