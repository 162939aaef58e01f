import { expect, it } from 'vitest'
import { loadCommands } from './load-commands.ts'

it('promises other tools only for a checkpoint that brings its own code', () => {
  const plain = loadCommands('merged', 'run-1-merged', [{ file: 'model.safetensors' }])
  expect(plain.map(({ tool }) => tool)).toEqual(['predict'])
  const files = [{ file: 'model.safetensors' }, { file: 'modeling_internvl_chat.py' }]
  const released = loadCommands('merged', 'run-1-merged', files)
  expect(released.map(({ tool }) => tool)).toEqual(['predict', 'vllm', 'lmdeploy', 'swift', 'transformers'])
})

it('puts an adapter onto its base', () => {
  const [merge, predict] = loadCommands('adapter', 'run-1-adapter', [])
  expect(merge?.text).toContain('--model BASE --adapter run-1-adapter')
  expect(predict?.text).toContain('--model BASE --adapter run-1-adapter --meta')
})
