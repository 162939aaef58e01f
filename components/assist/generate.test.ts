import { describe, expect, it } from 'vitest'
import type { AssistError } from './assist-error.ts'
import {
  generate,
  indexOfLargest,
  spliceFeatures,
  tokenProbability,
  type VisionLanguageModel,
} from './generate.ts'

const END = 9
const PROMPT = { ids: [5, 6], features: new Float32Array(0), imageContextId: 1, hiddenSize: 1 }

/** Says the given tokens whatever it is asked, and remembers how its cache was used. */
function scripted(tokens: readonly number[]) {
  const released: number[] = []
  const rowsSeen: number[] = []
  const model: VisionLanguageModel<number> = {
    encodeImage: async () => new Float32Array(0),
    embed: async (ids) => Float32Array.from(ids),
    decode: async (rows, cache) => {
      rowsSeen.push(rows.length)
      const step = cache ?? 0
      const logits = new Float32Array(10)
      logits[tokens[step] ?? END] = 1
      return { logits, cache: step + 1 }
    },
    release: (cache) => released.push(cache),
  }
  return { model, released, rowsSeen }
}

describe('generating', () => {
  it('reads the prompt once, then one token at a time, and stops before the end token', async () => {
    const { model, rowsSeen, released } = scripted([3, 4, END])
    const heard: number[][] = []
    const options = {
      endId: END,
      maxNewTokens: 10,
      onToken: (ids: readonly number[]) => heard.push([...ids]),
    }
    // One logit of 1 among nine of 0.
    const likely = Math.E / (Math.E + 9)
    const { probabilities, ...generated } = await generate(model, PROMPT, options)
    expect(generated).toEqual({ ids: [3, 4], stop: 'end' })
    expect(probabilities[0]).toBeCloseTo(likely, 6)
    expect(probabilities).toHaveLength(2)
    expect(rowsSeen).toEqual([2, 1, 1])
    expect(heard).toEqual([[3], [3, 4]])
    expect(released).toEqual([3])
  })

  it('says when the answer was cut off', async () => {
    const { model } = scripted([3, 3, 3, 3])
    expect(await generate(model, PROMPT, { endId: END, maxNewTokens: 2 })).toMatchObject({
      ids: [3, 3],
      stop: 'length',
    })
  })

  it('gives probabilities that add up to one, however large the logits are', () => {
    const logits = Float32Array.of(1000, 999, -1000, 998.5)
    const all = [0, 1, 2, 3].map((id) => tokenProbability(logits, id))
    expect(all.reduce((sum, each) => sum + each)).toBeCloseTo(1, 9)
    expect((all[0] ?? 0) / (all[1] ?? 1)).toBeCloseTo(Math.E, 6)
  })

  it('frees its cache when it is cancelled', async () => {
    const { model, released } = scripted([3, 3, 3, 3])
    const cancel = new AbortController()
    const run = generate(model, PROMPT, {
      endId: END,
      maxNewTokens: 4,
      signal: cancel.signal,
      onToken: () => cancel.abort(),
    })
    await expect(run).rejects.toMatchObject({ code: 'cancelled' } satisfies Partial<AssistError>)
    expect(released).toEqual([1])
  })

  it('takes the first of several equally likely tokens, as torch does', () => {
    expect(indexOfLargest(Float32Array.of(0, 2, 2, 1))).toBe(1)
  })
})

describe('splicing', () => {
  const ids = [7, 1, 8, 1]

  it('puts visual rows where the image tokens stand, in order', () => {
    const features = Float32Array.of(10, 11, 20, 21)
    const rows = spliceFeatures(new Float32Array(8), { ids, features, imageContextId: 1, hiddenSize: 2 })
    expect([...rows]).toEqual([0, 0, 10, 11, 0, 0, 20, 21])
  })

  it.each([1, 3])('refuses %i visual tokens for two places', (count) => {
    const features = new Float32Array(count * 2)
    const splice = () =>
      spliceFeatures(new Float32Array(8), { ids, features, imageContextId: 1, hiddenSize: 2 })
    expect(splice).toThrow(`2 places for ${count} visual tokens`)
  })
})
