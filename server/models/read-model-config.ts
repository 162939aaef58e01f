import { z } from 'zod'

const Side = z.union([z.number().int().min(1), z.array(z.number().int().min(1)).min(1)])
const Vision = z.object({
  hidden_size: z.number().int(),
  num_hidden_layers: z.number().int(),
  patch_size: Side,
  image_size: Side,
})
const Text = z.object({
  hidden_size: z.number().int(),
  num_hidden_layers: z.number().int(),
  vocab_size: z.number().int(),
})

const Original = z.object({
  model_type: z.literal('internvl_chat'),
  downsample_ratio: z.number().default(0.5),
  max_dynamic_patch: z.number().int().min(1).default(6),
  force_image_size: z.number().int().nullish(),
  template: z.string(),
  llm_config: Text.extend({ architectures: z.array(z.string()).min(1) }),
  vision_config: Vision,
})
const Native = z.object({
  model_type: z.literal('internvl'),
  downsample_ratio: z.number().default(0.5),
  // The transformers layout has no place for it; InternVL2.5 and 3 were trained with 12.
  max_dynamic_patch: z.number().int().min(1).default(12),
  template: z.string().optional(),
  text_config: Text.extend({ model_type: z.string() }),
  vision_config: Vision,
})

/** The part of config.json that both layouts have, under one set of names. */
export interface ModelConfig {
  layout: 'original' | 'native'
  family: string
  template: string
  imageSize: number
  tokensPerTile: number
  maxDynamicPatch: number
  hiddenSize: number
  layers: number
  vocabularySize: number
  visionHiddenSize: number
  visionLayers: number
}

/** `llm_config.architectures[0]` → the name under which the trainer knows the family. */
const FAMILIES: Record<string, string> = {
  Qwen2ForCausalLM: 'qwen2',
  InternLM2ForCausalLM: 'internlm2',
  Phi3ForCausalLM: 'phi3',
  LlamaForCausalLM: 'llama',
  Qwen3ForCausalLM: 'qwen3',
}

/**
 * @throws ZodError when the keys are not those of an InternVL2 checkpoint
 */
export function readModelConfig(json: unknown): ModelConfig {
  const config = z.discriminatedUnion('model_type', [Original, Native]).parse(json)
  const vision = config.vision_config
  const patchSize = side(vision.patch_size)
  const original = config.model_type === 'internvl_chat'
  const text = original ? config.llm_config : config.text_config
  const imageSize = (original ? config.force_image_size : null) ?? side(vision.image_size)
  const architecture = original ? (config.llm_config.architectures[0] ?? '') : ''
  return {
    layout: original ? 'original' : 'native',
    family: original ? (FAMILIES[architecture] ?? architecture) : config.text_config.model_type,
    template: config.template ?? '',
    imageSize,
    // Pixel shuffle turns (image/patch)² patches into ratio² as many tokens.
    tokensPerTile: Math.trunc((imageSize / patchSize) ** 2 * config.downsample_ratio ** 2),
    maxDynamicPatch: config.max_dynamic_patch,
    hiddenSize: text.hidden_size,
    layers: text.num_hidden_layers,
    vocabularySize: text.vocab_size,
    visionHiddenSize: vision.hidden_size,
    visionLayers: vision.num_hidden_layers,
  }
}

function side(value: number | number[]): number {
  return typeof value === 'number' ? value : (value[0] ?? 0)
}
