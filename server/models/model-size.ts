/** What a size is called, by what its configuration says; the parameter count alone cannot tell 8B from 8B. */
interface SizeRow {
  family: string
  hiddenSize: number
  layers: number
  size: string
}

// Dimensions of the published checkpoints: of InternVL2 every row, of 2.5, 3 and 3.5 those with the same families.
const SIZES: readonly SizeRow[] = [
  { family: 'qwen2', hiddenSize: 896, layers: 24, size: '1B' },
  { family: 'internlm2', hiddenSize: 2048, layers: 24, size: '2B' },
  { family: 'qwen2', hiddenSize: 1536, layers: 28, size: '2B' },
  { family: 'phi3', hiddenSize: 3072, layers: 32, size: '4B' },
  { family: 'qwen2', hiddenSize: 2048, layers: 36, size: '4B' },
  { family: 'internlm2', hiddenSize: 4096, layers: 32, size: '8B' },
  { family: 'qwen2', hiddenSize: 3584, layers: 28, size: '8B' },
  { family: 'qwen2', hiddenSize: 5120, layers: 48, size: '14B' },
  { family: 'internlm2', hiddenSize: 6144, layers: 48, size: '26B' },
  { family: 'qwen2', hiddenSize: 5120, layers: 64, size: '38B' },
  { family: 'llama', hiddenSize: 7168, layers: 60, size: '40B' },
  { family: 'llama', hiddenSize: 8192, layers: 80, size: 'Llama3-76B' },
  { family: 'qwen2', hiddenSize: 8192, layers: 80, size: '78B' },
]
/** These came with InternVL2 alone; later models share one template, so that only the size can be told. */
const TEMPLATES_OF_2 = ['Hermes-2', 'internlm2-chat', 'phi3-chat']

/**
 * @returns for example `InternVL2-8B`, `InternVL2.5/3-8B`, `8B` of a checkpoint that names no template (the
 *   transformers layout does not), or null for a size that was never published
 */
export function modelSize(config: {
  family: string
  template: string
  hiddenSize: number
  layers: number
}): string | null {
  // The transformers layout holds InternLM2 as a Llama.
  const families = config.family === 'llama' ? ['llama', 'internlm2'] : [config.family]
  const row = SIZES.find(
    ({ family, hiddenSize, layers }) =>
      families.includes(family) && hiddenSize === config.hiddenSize && layers === config.layers,
  )
  if (!row || config.template === '') return row?.size ?? null
  return `${TEMPLATES_OF_2.includes(config.template) ? 'InternVL2' : 'InternVL2.5/3'}-${row.size}`
}

/** @returns the vision tower by its published name, or null */
export function visionName(config: { visionHiddenSize: number; visionLayers: number }): string | null {
  const { visionHiddenSize: width, visionLayers: depth } = config
  if (width === 1024 && depth === 24) return 'InternViT-300M'
  return width === 3200 && depth === 45 ? 'InternViT-6B' : null
}
