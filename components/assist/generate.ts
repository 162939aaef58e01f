import { AssistError } from './assist-error.ts'

/** A model as the generate loop sees it. Rows are token embeddings, `hiddenSize` floats each. */
export interface VisionLanguageModel<Cache> {
  /** float32 [tiles, 3, side, side] to the rows of all visual tokens, tile by tile. */
  encodeImage: (pixels: Float32Array<ArrayBuffer>, tiles: number) => Promise<Float32Array>
  embed: (ids: readonly number[]) => Promise<Float32Array<ArrayBuffer>>
  /** Reads `rows` behind what `cache` has seen; logits are those after the last row. The given cache is used up. */
  decode: (
    rows: Float32Array<ArrayBuffer>,
    cache: Cache | null,
  ) => Promise<{ logits: Float32Array; cache: Cache }>
  release: (cache: Cache) => void
}

export interface Prompt {
  ids: readonly number[]
  /** Rows that stand in for the image-context ids, in order. */
  features: Float32Array
  imageContextId: number
  hiddenSize: number
}

export interface GenerateOptions {
  endId: number
  maxNewTokens: number
  /** All new ids so far, without the end token. */
  onToken?: (ids: readonly number[]) => void
  signal?: AbortSignal
}

export interface Generated {
  /** New ids without the end token. */
  ids: number[]
  /** Of each new id: how likely the model held it to be, `tokenProbability`. */
  probabilities: number[]
  /** `length`: cut off after `maxNewTokens`. */
  stop: 'end' | 'length'
}

/**
 * Greedy decoding with a key-value cache: the most likely token each time, the first one on a tie.
 * @throws AssistError cancelled as soon as the signal is seen, at the latest after one token
 */
export async function generate<Cache>(
  model: VisionLanguageModel<Cache>,
  prompt: Prompt,
  { endId, maxNewTokens, onToken, signal }: GenerateOptions,
): Promise<Generated> {
  const ids: number[] = []
  const probabilities: number[] = []
  let rows = spliceFeatures(await model.embed(prompt.ids), prompt)
  let cache: Cache | null = null
  try {
    while (ids.length < maxNewTokens) {
      if (signal?.aborted) throw new AssistError('cancelled', 'Cancelled.')
      const step: { logits: Float32Array; cache: Cache } = await model.decode(rows, cache)
      cache = step.cache
      const next = indexOfLargest(step.logits)
      if (next === endId) return { ids, probabilities, stop: 'end' }
      ids.push(next)
      probabilities.push(tokenProbability(step.logits, next))
      onToken?.(ids)
      rows = await model.embed([next])
    }
    return { ids, probabilities, stop: 'length' }
  } finally {
    if (cache !== null) model.release(cache)
  }
}

/** Puts the visual rows where the image-context ids stand; both counts must agree. */
export function spliceFeatures(
  rows: Float32Array<ArrayBuffer>,
  { ids, features, imageContextId, hiddenSize }: Prompt,
): Float32Array<ArrayBuffer> {
  let taken = 0
  for (const [place, id] of ids.entries()) {
    if (id !== imageContextId) continue
    rows.set(features.subarray(taken, taken + hiddenSize), place * hiddenSize)
    taken += hiddenSize
  }
  if (taken !== features.length) {
    const [slots, given] = [taken / hiddenSize, features.length / hiddenSize]
    throw new AssistError('runtime', `The prompt has ${slots} places for ${given} visual tokens.`)
  }
  return rows
}

export function indexOfLargest(values: Float32Array): number {
  let best = 0
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] as number) > (values[best] as number)) best = index
  }
  return best
}

/**
 * Softmax of the logits at one id: exp(l[id] − m) / Σ exp(l[i] − m), where m is the largest logit, so that nothing
 * overflows.
 */
export function tokenProbability(logits: Float32Array, id: number): number {
  const largest = logits[indexOfLargest(logits)] as number
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - largest)
  return Math.exp((logits[id] as number) - largest) / sum
}
