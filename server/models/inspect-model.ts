import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { BaseModelInfo } from '../contracts/run.ts'
import { isStudioError, StudioError } from '../errors.ts'
import { modelSize, visionName } from './model-size.ts'
import { type ModelConfig, readModelConfig } from './read-model-config.ts'
import { readTokenizer } from './read-tokenizer.ts'
import { readSafetensorsHeader, type TensorInfo } from './safetensors-header.ts'

/** Language models that the trainer can build without code from the checkpoint. */
const TRAINABLE_FAMILIES = ['qwen2', 'internlm2', 'phi3', 'llama', 'qwen3']
const PICKLED = /\.(bin|pt|pth|ckpt)$/

/**
 * Reads what a checkpoint folder is, without Python and without running anything that lies in it.
 * @throws StudioError BAD_FILE that lists everything that is missing, when it cannot be used as a base
 */
export async function inspectModel(folder: string): Promise<BaseModelInfo> {
  const names = await readdir(folder).catch(() => {
    throw unusable(folder, ['there is no such folder on the server, or it cannot be read'])
  })
  const problems: string[] = []
  const config = await readConfig(folder, names, problems)
  const weights = names.filter((name) => name.endsWith('.safetensors')).sort()
  if (weights.length === 0) problems.push(missingWeights(names))
  const tokenizer = await readTokenizer(folder, names)
  if ('problem' in tokenizer) problems.push(tokenizer.problem)
  problems.push(...(await missingShards(folder, names)))
  const tensors: TensorInfo[] = []
  for (const name of weights) {
    try {
      tensors.push(...(await readSafetensorsHeader(path.join(folder, name))))
    } catch (error) {
      // Every damaged shard is named, not only the first.
      if (!isStudioError(error)) throw error
      problems.push(error.userMessage)
    }
  }
  if (!config || 'problem' in tokenizer || problems.length > 0) throw unusable(folder, problems)
  const sizes = await Promise.all(weights.map((name) => stat(path.join(folder, name))))
  return {
    ...config,
    ...countParameters(tensors),
    size: modelSize(config),
    visionName: visionName(config),
    tokenizer,
    bytes: sizes.reduce((sum, { size }) => sum + size, 0),
    licence: await readLicence(folder, names),
  }
}

async function readConfig(folder: string, names: string[], problems: string[]): Promise<ModelConfig | null> {
  if (!names.includes('config.json')) {
    problems.push('no config.json')
    return null
  }
  try {
    const config = readModelConfig(JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')))
    if (!TRAINABLE_FAMILIES.includes(config.family)) {
      problems.push(
        `its language model is of the kind "${config.family}"; this version trains ${TRAINABLE_FAMILIES.join(', ')}`,
      )
    }
    return config
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not valid JSON'
    problems.push(`config.json is not that of an InternVL2 checkpoint: ${detail}`)
    return null
  }
}

function missingWeights(names: string[]): string {
  const pickled = names.filter((name) => PICKLED.test(name))
  return pickled.length > 0
    ? `no .safetensors weights; ${pickled.join(', ')} could run code when loaded and is never read. Convert it with its own tools`
    : 'no .safetensors weights'
}

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string()) })

/** A checkpoint in several files lists them in an index; a download that stopped lacks some. */
async function missingShards(folder: string, names: string[]): Promise<string[]> {
  const index = names.find((name) => name.endsWith('.safetensors.index.json'))
  if (!index) return []
  const parsed = ShardIndex.safeParse(JSON.parse(await readFile(path.join(folder, index), 'utf8')))
  if (!parsed.success) return [`${index} is damaged`]
  const files = new Set(Object.values(parsed.data.weight_map))
  const missing = [...files].filter((file) => !names.includes(file)).sort()
  return missing.length === 0
    ? []
    : [
        `of ${files.size} weight files, ${missing.length} ${missing.length === 1 ? 'is' : 'are'} missing: ${missing.join(', ')}`,
      ]
}

/** Both layouts name the three parts by prefix; transformers has an old and a new spelling. */
function countParameters(tensors: TensorInfo[]): Pick<BaseModelInfo, 'parameters' | 'parts'> {
  const parts = { vision: 0, projector: 0, language: 0 }
  for (const { name, parameters } of tensors) {
    if (/^(model\.)?(vision_model|vision_tower)\./.test(name)) parts.vision += parameters
    else if (/^(mlp1|(model\.)?multi_modal_projector)\./.test(name)) parts.projector += parameters
    else parts.language += parameters
  }
  return { parameters: parts.vision + parts.projector + parts.language, parts }
}

/** `license:` of the model card's front matter. */
async function readLicence(folder: string, names: string[]): Promise<string | null> {
  if (!names.includes('README.md')) return null
  const card = await readFile(path.join(folder, 'README.md'), 'utf8')
  const front = /^---\n([\s\S]*?)\n---/.exec(card)?.[1] ?? ''
  return /^license:\s*(.+)$/m.exec(front)?.[1]?.trim() ?? null
}

function unusable(folder: string, problems: string[]): StudioError {
  return new StudioError('BAD_FILE', {
    message: `${folder} cannot be used as a base model: ${problems.join('; ')}.`,
    details: { problems },
  })
}
