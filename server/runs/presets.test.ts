import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BaseModelInfo, RunOverrides, RunPreset } from '../contracts/run.ts'
import { RunConfig } from '../contracts/run-config.ts'
import { configOfPreset, stepsOf } from './presets.ts'
import { publishedFor } from './recipe.ts'

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
  hiddenSize: 896,
  layers: 24,
  vocabularySize: 151_655,
  visionHiddenSize: 1024,
  visionLayers: 24,
  bytes: 1_876_000_000,
  imageSize: 448,
  tokensPerTile: 256,
  maxDynamicPatch: 12,
  licence: 'mit',
}
const NANO: BaseModelInfo = { ...ONE_B, parameters: 7_600_000, maxDynamicPatch: 1 }
const NOTHING = RunOverrides.parse({})

function config(
  preset: RunPreset,
  samples: number,
  given: {
    info?: BaseModelInfo
    overrides?: Partial<RunOverrides>
    processes?: number
    hasValidation?: boolean
    hasCuda?: boolean
  } = {},
) {
  return configOfPreset({
    runId: 'r_1',
    modelPath: '/models/base',
    hasValidation: given.hasValidation ?? true,
    preset,
    info: given.info ?? ONE_B,
    samples,
    overrides: { ...NOTHING, ...given.overrides },
    processes: given.processes ?? 1,
    hasCuda: given.hasCuda ?? false,
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

it('learns slower on the large sizes, by LoRA and full alike', () => {
  const large = { ...ONE_B, parameters: 25_514_186_112, size: 'InternVL2-26B' }
  for (const preset of ['lora', 'full'] as const) {
    expect(config(preset, 100_000, { info: large }).train).toMatchObject({
      learning_rate: 2e-5,
      weight_decay: 0.05,
      micro_batch_size: 2,
    })
  }
})

it('holds the frozen 40B in 4 bits on one card, and spreads it over several', () => {
  const large = { ...ONE_B, parameters: 40_068_684_160, size: 'InternVL2-40B' }
  const one = config('lora', 100_000, { info: large, hasCuda: true })
  expect(one.method).toMatchObject({ quantization: 'nf4' })
  const eight = config('lora', 100_000, { info: large, hasCuda: true, processes: 8 })
  expect(eight.method).toMatchObject({ quantization: 'none' })
  expect(eight.parallel.strategy).toBe('fsdp')
})

it('follows the nearest published size where a model has no recipe of its own', () => {
  const like = (parameters: number) => publishedFor('lora', { ...ONE_B, parameters })?.size
  expect(like(14.2e9)).toBe('InternVL2-8B')
  expect(like(38.4e9)).toBe('InternVL2-40B')
  expect(like(78.4e9)).toBe('InternVL2-Llama3-76B')
  expect(publishedFor('full', NANO)).toBeNull()
})

it('keeps the batch when there are more cards, and gives each of them something to do', () => {
  const { train, parallel } = config('lora', 100_000, { processes: 8 })
  expect(parallel.processes).toBe(8)
  expect(train).toMatchObject({ batch_size: 16, micro_batch_size: 2 })
})

it('takes over what the person set, and asks for no best of what is not held out', () => {
  const overrides: Partial<RunOverrides> = {
    targets: ['language', 'vision'],
    variant: 'dora',
    quantization: 'nf4',
    packing: true,
    lossWeighting: 'square',
    questionOrder: 'as_written',
    precision: 'bfloat16',
    keepBest: true,
    metric: 'f1',
    patience: 3,
  }
  const made = config('lora', 1000, { overrides })
  expect(made.method).toMatchObject({ targets: ['language', 'vision'], use_dora: true, quantization: 'nf4' })
  expect(made.sequence.packing).toBe(true)
  expect(made.train).toMatchObject({
    loss_weighting: 'square',
    question_order: 'as_written',
    precision: 'bfloat16',
  })
  expect(made.evaluate).toMatchObject({ metric: 'f1', patience: 3 })
  expect(made.checkpoint.keep_best).toBe(true)
  const blind = config('lora', 1000, { overrides, hasValidation: false })
  expect([blind.checkpoint.keep_best, blind.evaluate.patience]).toEqual([false, null])
})

it('repeats a small set, and teaches the nano base faster than a released one', () => {
  expect(config('lora', 100).train.epochs).toBeGreaterThan(5)
  const nano = config('lora', 100, { info: NANO })
  expect(nano.train.learning_rate).toBeGreaterThan(1e-4)
  expect(nano.method).toMatchObject({ targets: ['language'] })
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
      fc.integer({ min: 1, max: 8 }),
      (name, base, samples, batch, processes) => {
        const made = config(name, samples, {
          info: base,
          processes,
          overrides: { batchSize: batch ?? null },
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
