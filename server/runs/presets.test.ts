import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BaseModelInfo, RunPreset } from '../contracts/run.ts'
import { RunConfig } from '../contracts/run-config.ts'
import { configOfPreset, stepsOf } from './presets.ts'

/** InternVL2-1B as its card and the computed totals say. */
const ONE_B: BaseModelInfo = {
  family: 'qwen2',
  size: 'InternVL2-1B',
  visionName: 'InternViT-300M',
  tokenizer: { kind: 'bpe', missing: [] },
  layout: 'original',
  template: 'Hermes-2',
  parameters: 938_158_976,
  parts: { vision: 304_012_288, projector: 4_480_000, language: 629_666_688 },
  adapterWidth: { vision: 270_336, language: 549_888 },
  hiddenSize: 896,
  layers: 24,
  vocabularySize: 151_655,
  visionHiddenSize: 1024,
  visionLayers: 24,
  patchSize: 14,
  bytes: 1_876_000_000,
  imageSize: 448,
  tokensPerTile: 256,
  maxDynamicPatch: 12,
  licence: 'mit',
}
const NANO: BaseModelInfo = { ...ONE_B, parameters: 7_600_000, maxDynamicPatch: 1 }
const NOTHING = {
  epochs: null,
  learningRate: null,
  rank: null,
  batchSize: null,
  maxDynamicPatch: null,
  seed: null,
}

function config(
  preset: RunPreset,
  samples: number,
  given: { info?: BaseModelInfo; batchSize?: number } = {},
) {
  return configOfPreset({
    runId: 'r_1',
    modelPath: '/models/base',
    hasValidation: true,
    preset,
    info: given.info ?? ONE_B,
    samples,
    overrides: { ...NOTHING, batchSize: given.batchSize ?? null },
  })
}

it('gives a large set the published LoRA recipe of the 1B', () => {
  const { method, freeze, train, sequence } = config('lora', 100_000)
  expect(method).toMatchObject({ kind: 'lora', rank: 16, alpha: 32, dropout: 0.05, targets: ['language'] })
  expect(freeze).toMatchObject({ vision: true, projector: true })
  expect(train).toMatchObject({
    epochs: 1,
    batch_size: 16,
    micro_batch_size: 4,
    learning_rate: 4e-5,
    weight_decay: 0.01,
    warmup_ratio: 0.03,
  })
  expect(sequence).toMatchObject({ max_length: 4096, max_dynamic_patch: 6 })
})

it('gives it the published full recipe with vision frozen', () => {
  const { method, freeze, train, artefacts } = config('full', 100_000)
  expect(method).toEqual({ kind: 'full' })
  expect(freeze).toEqual({ vision: true, projector: false, language: false })
  expect(train).toMatchObject({ batch_size: 128, micro_batch_size: 4, learning_rate: 4e-5 })
  expect(artefacts).not.toContain('adapter')
})

it('repeats a small set, and teaches the nano base faster than a released one', () => {
  expect(config('lora', 100).train.epochs).toBeGreaterThan(5)
  const nano = config('lora', 100, { info: NANO })
  expect(nano.train.learning_rate).toBeGreaterThan(1e-4)
  expect(nano.method).toMatchObject({ targets: ['language', 'vision'] })
})

it('cuts pictures no finer than the base was trained with', () => {
  expect(config('lora', 100, { info: NANO }).sequence.max_dynamic_patch).toBe(1)
})

it('makes no browser bundle of a model that no browser can hold', () => {
  expect(config('lora', 100).artefacts).toContain('browser')
  const big = { ...ONE_B, parameters: 8_075_365_376 }
  expect(config('lora', 100, { info: big }).artefacts).toEqual(['adapter', 'merged'])
})

it('always makes a run.json that the trainer takes', () => {
  const preset = fc.constantFrom(...RunPreset.options)
  const info = fc.constantFrom(ONE_B, NANO)
  const batchSize = fc.option(fc.integer({ min: 1, max: 4096 }), { nil: undefined })
  fc.assert(
    fc.property(
      preset,
      info,
      fc.integer({ min: 0, max: 200_000 }),
      batchSize,
      (name, base, samples, batch) => {
        const made = config(name, samples, {
          info: base,
          ...(batch === undefined ? {} : { batchSize: batch }),
        })
        expect(RunConfig.safeParse(made).success).toBe(true)
        expect(made.train.batch_size % made.train.micro_batch_size).toBe(0)
      },
    ),
  )
})

it('counts the last, smaller batch of an epoch as a step', () => {
  expect(stepsOf(10, 4, 1)).toBe(3)
  expect(stepsOf(10, 4, 2)).toBe(6)
  expect(stepsOf(0, 4, 1)).toBe(1)
})
