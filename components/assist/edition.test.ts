import { describe, expect, it } from 'vitest'
import type { BrowserBundle } from '../../server/contracts/browser-bundle.ts'
import { withOneEdition } from './edition.ts'

type Edition = BrowserBundle['editions'][number]

describe('the edition for a backend', () => {
  const fp32 = edition('fp32', ['wasm', 'webgpu'], 30_000_000, ['onnx/decoder.onnx'])
  const int8 = edition('int8', ['wasm'], 9_000_000, ['onnx/decoder_int8.onnx', 'onnx/embed_fp16.onnx'])
  const q4f16 = edition('q4f16', ['webgpu'], 5_000_000, ['onnx/decoder_q4f16.onnx', 'onnx/embed_fp16.onnx'])

  it('is the exact one for a small model', () => {
    expect(chosen([int8, fp32], 'wasm')).toBe('fp32')
  })

  it('is the smallest one that is fast there for a large model', () => {
    const large = { ...fp32, bytes: 4_000_000_000 }
    expect(chosen([large, int8, q4f16], 'wasm')).toBe('int8')
    expect(chosen([large, int8, q4f16], 'webgpu')).toBe('q4f16')
  })

  it('is the default when none is meant for the backend', () => {
    expect(chosen([q4f16], 'wasm')).toBe('q4f16')
  })

  it('leaves files of other editions out, keeps what it shares with them and all that is no graph', () => {
    const narrowed = withOneEdition(bundle([int8, q4f16]), 'wasm')
    expect(narrowed.files.map(({ file }) => file)).toEqual([
      'onnx/decoder_int8.onnx',
      'onnx/embed_fp16.onnx',
      'tokenizer.json',
    ])
    expect(narrowed.self_test.tolerance).toBe(int8.self_test_tolerance)
  })

  it('changes nothing in a bundle of before there were editions', () => {
    const old = bundle([])
    expect(withOneEdition(old, 'wasm')).toBe(old)
  })

  function chosen(editions: Edition[], backend: 'wasm' | 'webgpu'): string | undefined {
    return withOneEdition(bundle(editions), backend).editions[0]?.dtype
  }
})

function edition(
  dtype: Edition['dtype'],
  suited_to: Edition['suited_to'],
  bytes: number,
  files: string[],
): Edition {
  const parity = { max_logit_gap: 0.1, divergence: 1e-4, samples: 15, tolerance: 0.05, passed: true }
  return { dtype, suited_to, bytes, files, parity, self_test_tolerance: 0.2, answers: null }
}

function bundle(editions: Edition[]): BrowserBundle {
  const graphs = [...new Set(editions.flatMap(({ files }) => files))]
  return {
    schema_version: 1,
    name: 'tiny',
    architecture: { hidden_size: 8, num_layers: 1, num_kv_heads: 1, head_dim: 8, vocab_size: 16 },
    image: {
      size: 56,
      num_image_token: 4,
      min_dynamic_patch: 1,
      max_dynamic_patch: 1,
      use_thumbnail: false,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    tokens: {
      image_context: 1,
      end: 2,
      names: { img_start: '<img>', img_end: '</img>', image_context: '<IMG_CONTEXT>' },
    },
    template: { name: 'Hermes-2', prefix: '', suffix: '', end: '<|im_end|>' },
    files: [
      ...graphs.map((file) => ({
        file,
        role: 'decoder' as const,
        dtype: 'x',
        bytes: 1,
        sha256: 'a'.repeat(64),
      })),
      { file: 'tokenizer.json', role: 'tokenizer', dtype: 'json', bytes: 1, sha256: 'b'.repeat(64) },
    ],
    editions,
    self_test: { input_ids: [1], logits_last: [0], tolerance: 1e-3 },
    parity: { max_logit_gap: 0, samples: 1, tolerance: 1e-3, passed: true },
  }
}
