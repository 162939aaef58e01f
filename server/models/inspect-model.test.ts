import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { inspectModel } from './inspect-model.ts'
import { registerModels } from './register-models.ts'

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
      adapterWidth: { vision: 0, language: 16 },
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

  it('says all that is missing at once', async () => {
    const folder = seedModelFolder(studio, 'bare')
    for (const name of ['model.safetensors', 'tokenizer.json']) rmSync(path.join(folder, name))
    await expect(inspectModel(folder)).rejects.toThrow(/no \.safetensors weights; no tokenizer/)
  })

  it('that stopped downloading names the file it lacks', async () => {
    const index = JSON.stringify({ weight_map: { a: 'model.safetensors', b: 'model-00002.safetensors' } })
    const folder = seedModelFolder(studio, 'half', { 'model.safetensors.index.json': index })
    await expect(inspectModel(folder)).rejects.toThrow('model-00002.safetensors is missing')
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
