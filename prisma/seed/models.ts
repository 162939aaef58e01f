import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Studio } from '../../server/studio.ts'

const CONFIG = {
  model_type: 'internvl_chat',
  template: 'Hermes-2',
  downsample_ratio: 0.5,
  force_image_size: 112,
  ps_version: 'v2',
  llm_config: {
    architectures: ['Qwen2ForCausalLM'],
    hidden_size: 8,
    num_hidden_layers: 1,
    vocab_size: 100,
  },
  vision_config: { hidden_size: 8, num_hidden_layers: 1, patch_size: 14, image_size: 112 },
}

/** Shapes that a header may claim; the numbers behind them are zeros. */
const TENSORS = {
  'vision_model.embeddings.class_embedding': [1, 1, 8],
  'mlp1.1.weight': [8, 32],
  'language_model.model.layers.0.self_attn.q_proj.weight': [8, 8],
}

/** A folder that looks like a checkpoint to whoever reads only config and header. */
export function seedModelFolder(
  studio: Studio,
  name: string,
  extraFiles: Record<string, string> = {},
): string {
  const folder = path.join(studio.paths.root, 'elsewhere', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'model.safetensors'), safetensors(TENSORS))
  const files = { 'config.json': JSON.stringify(CONFIG), 'tokenizer.json': '{}', ...extraFiles }
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text)
  return folder
}

/** The file format: length of the header, header, then the numbers (float32 here). */
export function safetensors(tensors: Record<string, number[]>): Buffer {
  let end = 0
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, shape]) => {
      const begin = end
      end += 4 * shape.reduce((a, b) => a * b, 1)
      return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }]
    }),
  )
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.byteLength))
  return Buffer.concat([length, text, Buffer.alloc(end)])
}
