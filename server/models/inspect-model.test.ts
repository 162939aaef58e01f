import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { inspectModel } from './inspect-model.ts'
import { registerModels } from './register-models.ts'

const VIT_300M = { hidden_size: 1024, num_hidden_layers: 24, patch_size: 14, image_size: 448 }
const VIT_6B = { hidden_size: 3200, num_hidden_layers: 45, patch_size: 14, image_size: 448 }

let studio: TestStudio
beforeEach(async () => {
  studio = await testStudio()
})
afterEach(() => studio.dispose())

describe('a checkpoint folder', () => {
  it('tells family, layout and parameters by part from config and header alone', async () => {
    const card = '---\nlicense: mit\n---\n# A model\n'
    const folder = seedModelFolder(studio, 'good', { 'README.md': card })
    expect(await inspectModel(folder)).toMatchObject({
      family: 'qwen2',
      layout: 'original',
      template: 'Hermes-2',
      parts: { vision: 8, projector: 256, language: 64 },
      parameters: 328,
      imageSize: 112,
      tokensPerTile: 16,
      licence: 'mit',
    })
  })

  it('with pickled weights is refused, and told why', async () => {
    const folder = seedModelFolder(studio, 'pickled', { 'pytorch_model.bin': 'x' })
    rmSync(path.join(folder, 'model.safetensors'))
    await expect(inspectModel(folder)).rejects.toThrow(/pytorch_model\.bin could run code/)
  })

  // Dimensions of the published configurations, as the model cards and the computed parameter counts agree on.
  it.each([
    ['Qwen2ForCausalLM', 'Hermes-2', 896, 24, 'small', 'qwen2', 'InternVL2-1B', 'InternViT-300M'],
    [
      'InternLM2ForCausalLM',
      'internlm2-chat',
      2048,
      24,
      'small',
      'internlm2',
      'InternVL2-2B',
      'InternViT-300M',
    ],
    ['Phi3ForCausalLM', 'phi3-chat', 3072, 32, 'small', 'phi3', 'InternVL2-4B', 'InternViT-300M'],
    [
      'InternLM2ForCausalLM',
      'internlm2-chat',
      4096,
      32,
      'small',
      'internlm2',
      'InternVL2-8B',
      'InternViT-300M',
    ],
    [
      'InternLM2ForCausalLM',
      'internlm2-chat',
      6144,
      48,
      'large',
      'internlm2',
      'InternVL2-26B',
      'InternViT-6B',
    ],
    ['LlamaForCausalLM', 'Hermes-2', 7168, 60, 'large', 'llama', 'InternVL2-40B', 'InternViT-6B'],
    [
      'LlamaForCausalLM',
      'internlm2-chat',
      8192,
      80,
      'large',
      'llama',
      'InternVL2-Llama3-76B',
      'InternViT-6B',
    ],
    ['Qwen2ForCausalLM', 'internvl2_5', 3584, 28, 'small', 'qwen2', 'InternVL2.5/3-8B', 'InternViT-300M'],
    ['Qwen3ForCausalLM', 'internvl2_5', 1234, 5, 'small', 'qwen3', null, 'InternViT-300M'],
  ])('of %s in template %s, width %i and depth %i is known by its name', async (...row) => {
    const [architecture, template, hidden_size, num_hidden_layers, tower, family, size, visionName] = row
    const vision_config = tower === 'small' ? VIT_300M : VIT_6B
    const llm_config = { architectures: [architecture], hidden_size, num_hidden_layers, vocab_size: 9 }
    const config = { model_type: 'internvl_chat', force_image_size: 448, template, llm_config, vision_config }
    const folder = seedModelFolder(studio, 'one', { 'config.json': JSON.stringify(config) })
    expect(await inspectModel(folder)).toMatchObject({ family, size, visionName, tokensPerTile: 256 })
  })

  it('in the transformers layout is known too, by what its text model is there', async () => {
    const text_config = { model_type: 'llama', hidden_size: 2048, num_hidden_layers: 24, vocab_size: 92_553 }
    const vision_config = { ...VIT_300M, patch_size: [14, 14], image_size: [448, 448] }
    const config = { model_type: 'internvl', text_config, vision_config }
    const folder = seedModelFolder(studio, 'native', { 'config.json': JSON.stringify(config) })
    expect(await inspectModel(folder)).toMatchObject({
      layout: 'native',
      family: 'llama',
      size: '2B',
      tokensPerTile: 256,
    })
  })

  it('tells the form of its tokenizer and which image and box tokens it lacks', async () => {
    const added = { '<img>': 1, '</img>': 2, '<IMG_CONTEXT>': 3, '<quad>': 4, '</quad>': 5, '<ref>': 6 }
    const folder = seedModelFolder(studio, 'slow', {
      'added_tokens.json': JSON.stringify(added),
      'tokenizer.model': 'not read as such \u0006</ref>',
    })
    rmSync(path.join(folder, 'tokenizer.json'))
    expect((await inspectModel(folder)).tokenizer).toEqual({
      kind: 'sentencepiece',
      missing: ['<box>', '</box>'],
    })
    rmSync(path.join(folder, 'tokenizer.model'))
    writeFileSync(path.join(folder, 'vocab.json'), '{}')
    await expect(inspectModel(folder)).rejects.toThrow('merges.txt is missing beside vocab.json')
  })

  it('whose copy was broken off says which file, and by how much', async () => {
    const folder = seedModelFolder(studio, 'cut')
    const file = path.join(folder, 'model.safetensors')
    writeFileSync(file, readFileSync(file).subarray(0, -100))
    await expect(inspectModel(folder)).rejects.toThrow(/model\.safetensors is cut off: 100 of 1312 bytes/)
  })

  it('says all that is missing at once', async () => {
    const folder = seedModelFolder(studio, 'bare')
    for (const name of ['model.safetensors', 'tokenizer.json']) rmSync(path.join(folder, name))
    await expect(inspectModel(folder)).rejects.toThrow(/no \.safetensors weights; no tokenizer/)
  })

  it('that stopped downloading names the file it lacks', async () => {
    const index = JSON.stringify({ weight_map: { a: 'model.safetensors', b: 'model-00002.safetensors' } })
    const folder = seedModelFolder(studio, 'half', { 'model.safetensors.index.json': index })
    await expect(inspectModel(folder)).rejects.toThrow(
      'of 2 weight files, 1 is missing: model-00002.safetensors',
    )
  })

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['claims a header longer than itself', Buffer.from('ffffffffffffff7f7b7d', 'hex')],
    ['is a page of text', Buffer.from('<html>not found</html>')],
  ])('whose weight file %s is refused', async (_, bytes) => {
    const folder = seedModelFolder(studio, 'damaged')
    writeFileSync(path.join(folder, 'model.safetensors'), bytes)
    await expect(inspectModel(folder)).rejects.toThrow(/not a safetensors file/)
  })

  it('of another kind of model is refused with the reason', async () => {
    const config = JSON.stringify({ model_type: 'llama' })
    const folder = seedModelFolder(studio, 'other', { 'config.json': config })
    await expect(inspectModel(folder)).rejects.toThrow(/not that of an InternVL2 checkpoint/)
  })
})

describe('the list of base models', () => {
  it('takes up a folder that was copied into the data folder, and tells of one it cannot use', async () => {
    const { renameSync, mkdirSync } = await import('node:fs')
    renameSync(seedModelFolder(studio, 'copied'), path.join(studio.paths.models, 'copied'))
    mkdirSync(path.join(studio.paths.models, 'rubbish'))
    const refused = await registerModels(studio)
    expect(refused.map(({ name }) => name)).toContain('rubbish')
    const rows = await studio.db.baseModel.findMany({ where: { path: 'models/copied' } })
    expect(rows).toHaveLength(1)
    await registerModels(studio)
    expect(await studio.db.baseModel.count({ where: { path: 'models/copied' } })).toBe(1)
  })

  it('lets the owner add a folder and nobody else', async () => {
    const owner = await seedUser(studio, { isOwner: true })
    const other = await seedUser(studio)
    const folder = seedModelFolder(studio, 'mine')
    await expect(studio.as(other).models.add({ path: folder })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { id } = await studio.as(owner).models.add({ path: folder, name: 'Mine' })
    expect(await studio.as(other).models.list()).toContainEqual(
      expect.objectContaining({ id, name: 'Mine', onDisk: true }),
    )
    await expect(studio.as(owner).models.add({ path: 'relative' })).rejects.toThrow(/is relative/)
    await studio.as(owner).models.remove({ id: id as never })
    expect(await studio.db.baseModel.count({ where: { id } })).toBe(0)
  })
})
