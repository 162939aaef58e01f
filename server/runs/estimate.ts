import type { BaseModelInfo } from '../contracts/run.ts'
import type { RunConfig } from '../contracts/run-config.ts'
import type { MemoryEstimate } from '../contracts/run-preview.ts'
import type { Device } from '../contracts/worker.ts'
import type { DatasetFacts } from './dataset-facts.ts'

/**
 * Floating point operations a second that training really reaches, before this machine was measured.
 * Processor: per core, as a full fine-tune of the nano base reached on two busy server cores (5 samples
 * a second of 9e9 operations). Cards: a fraction of what a current one promises in bfloat16.
 */
const ROUGH_SPEED = { cpuPerCore: 20e9, mps: 2e12, cuda: 60e12 }
/** Loading libraries and weights, checking the data. */
const START_SECONDS = 20
/** Writing and exporting, by bytes of float32 weights; the export traces the graphs, which is the slow part. */
const EXPORT_SECONDS_PER_BYTE = 60 / 250e6
const EXPORT_SECONDS = 25
const GIB = 1024 ** 3

/** What one sample costs, forward and backward, in floating point operations. */
export function operationsPerSample(
  info: BaseModelInfo,
  config: RunConfig,
  facts: Pick<DatasetFacts, 'tokens' | 'tiles'>,
): number {
  const embeddings = 2 * info.vocabularySize * info.hiddenSize
  const language = Math.max(0, info.parts.language - embeddings) + embeddings / 2
  const patches = (info.imageSize / info.patchSize) ** 2 + 1
  const full = config.method.kind === 'full'
  // 2 per weight forward, 2 for the gradient of the input, 2 for that of the weight, 2 for doing it over.
  const languagePasses = 4 + (full ? 2 : 0) + (config.train.gradient_checkpointing ? 2 : 0)
  const visionPasses = full ? (config.freeze.vision ? 2 : 6) : adaptsVision(config) ? 4 : 2
  return (
    languagePasses * language * facts.tokens +
    visionPasses * info.parts.vision * facts.tiles * patches +
    (config.freeze.projector ? 4 : 6) * info.parts.projector * facts.tiles * info.tokensPerTile
  )
}

/**
 * Seconds from the start to the last artefact.
 * @param measured what an earlier run on this device reached; null for what is not known
 */
export function estimateSeconds(
  info: BaseModelInfo,
  config: RunConfig,
  facts: DatasetFacts,
  device: Device,
  measured: { speed: number | null; restSeconds: number | null },
): number {
  const operations = operationsPerSample(info, config, facts)
  const training = (operations * facts.samples * config.train.epochs) / (measured.speed ?? roughSpeed(device))
  const exporting = EXPORT_SECONDS + info.parameters * 4 * EXPORT_SECONDS_PER_BYTE
  return training + (measured.restSeconds ?? START_SECONDS + exporting)
}

function roughSpeed(device: Device): number {
  if (device.id === 'cpu') return ROUGH_SPEED.cpuPerCore * device.cores
  return device.id === 'mps' ? ROUGH_SPEED.mps : ROUGH_SPEED.cuda
}

/** Bytes on the device while training; a first estimate from shapes. */
export function estimateMemory(
  info: BaseModelInfo,
  config: RunConfig,
  facts: Pick<DatasetFacts, 'tokens' | 'tiles'>,
  device: Device,
): MemoryEstimate {
  const wide = config.train.precision === 'float32' || device.id === 'cpu'
  const bytes = wide ? 4 : 2
  const trainable = trainableParameters(info, config)
  const { micro_batch_size: batch, gradient_checkpointing: checkpointing } = config.train
  const tokens = facts.tokens * batch
  // About 34 values of the hidden size a token and layer (Korthikanti et al. 2022, table 2, without
  // dropout and attention matrix); with checkpointing one layer at a time, and its input for each.
  const layerValues = checkpointing ? 34 + 2 * info.layers : 34 * info.layers
  const logits = 2 * tokens * info.vocabularySize * 4
  const patches = facts.tiles * batch * ((info.imageSize / info.patchSize) ** 2 + 1)
  const keepsVision = !checkpointing && (adaptsVision(config) || !config.freeze.vision)
  const visionLayers = keepsVision ? info.visionLayers : 1
  return {
    weights: info.parameters * bytes + trainable * (4 - bytes) + 0.3 * GIB,
    gradients: trainable * 4,
    optimizer: trainable * 8,
    activations: tokens * info.hiddenSize * layerValues * bytes + logits,
    vision: patches * info.visionHiddenSize * 34 * visionLayers * bytes,
  }
}

function adaptsVision({ method }: RunConfig): boolean {
  return method.kind === 'lora' && method.targets.includes('vision')
}

/** Parameters that the optimizer moves. */
export function trainableParameters(info: BaseModelInfo, { method, freeze }: RunConfig): number {
  const projector = freeze.projector ? 0 : info.parts.projector
  if (method.kind === 'lora') {
    const { vision, language } = info.adapterWidth
    const width =
      (method.targets.includes('vision') ? vision : 0) + (method.targets.includes('language') ? language : 0)
    return width * method.rank + projector
  }
  return (freeze.language ? 0 : info.parts.language) + (freeze.vision ? 0 : info.parts.vision) + projector
}

/** Bytes a run adds to the data folder: two checkpoints for a moment, and the artefacts. */
export function estimateDisk(info: BaseModelInfo, config: RunConfig): number {
  const trainable = trainableParameters(info, config)
  const checkpoints = (config.checkpoint.keep + 1) * trainable * 12
  const merged = config.artefacts.includes('merged') ? info.bytes : 0
  const browser = config.artefacts.includes('browser') ? info.parameters * 4 : 0
  const adapter = config.artefacts.includes('adapter') ? trainable * 4 : 0
  return checkpoints + merged + browser + adapter
}
