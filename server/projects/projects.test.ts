import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { LabelId, ProjectId } from '../contracts/ids.ts'
import { LABEL_COLOURS } from '../contracts/label-colours.ts'

let studio: TestStudio
let ada: Viewer

beforeEach(async () => {
  studio = await testStudio()
  ada = await seedUser(studio, { name: 'Ada' })
})
afterEach(() => studio.dispose())

async function ownProject(): Promise<ProjectId> {
  return ProjectId.parse((await studio.as(ada).projects.create({ name: 'Pumps' })).id)
}

test('whoever makes a project owns it, and others do not see it', async () => {
  const projectId = await ownProject()
  const other = await seedUser(studio)
  expect(await studio.as(ada).projects.list()).toMatchObject([
    { id: projectId, name: 'Pumps', role: 'owner', images: 0, annotated: 0, coverImageId: null },
  ])
  expect(await studio.as(other).projects.list()).toEqual([])
  await expect(studio.as(other).projects.byId({ projectId })).rejects.toThrow('no such project')
})

test('the owner of the studio sees every project', async () => {
  const projectId = await ownProject()
  const boss = await seedUser(studio, { isOwner: true })
  expect((await studio.as(boss).projects.list()).map(({ id }) => id)).toEqual([projectId])
})

test('a project is renamed, and an empty name is refused', async () => {
  const id = await ownProject()
  await studio.as(ada).projects.rename({ id, name: '  Valves  ' })
  expect((await studio.as(ada).projects.byId({ projectId: id })).name).toBe('Valves')
  await expect(studio.as(ada).projects.rename({ id, name: '  ' })).rejects.toThrow()
})

test('settings are kept', async () => {
  const projectId = await ownProject()
  await studio.as(ada).projects.saveSettings({ projectId, settings: { promptLanguage: 'zh' } })
  expect((await studio.as(ada).projects.byId({ projectId })).settings).toEqual({ promptLanguage: 'zh' })
})

test('labels get colours that are not in use yet, and one name is one label', async () => {
  const projectId = await ownProject()
  const asAda = studio.as(ada)
  const names = Array.from({ length: LABEL_COLOURS.length + 1 }, (_, index) => `class ${index}`)
  for (const name of names) await asAda.labels.save({ projectId, name })
  await asAda.labels.save({ projectId, name: 'class 0', colour: '#123456' })
  const labels = await asAda.labels.list({ projectId })
  expect(labels.map(({ name }) => name)).toEqual(names)
  expect(labels[0]?.colour).toBe('#123456')
  expect(new Set(labels.slice(0, LABEL_COLOURS.length).map(({ colour }) => colour)).size).toBe(
    LABEL_COLOURS.length,
  )
})

test('a label that would break the training text is refused', async () => {
  const projectId = await ownProject()
  for (const name of ['<box>', 'a\nb', ' ']) {
    await expect(studio.as(ada).labels.save({ projectId, name }), name).rejects.toThrow()
  }
})

test('a label of another project cannot be deleted through an own one', async () => {
  const projectId = await ownProject()
  const foreign = await seedProject(studio)
  const label = await studio.db.label.create({
    data: { id: 'lb_foreign', projectId: foreign.id, name: 'valve', colour: '#000000', position: 0 },
  })
  await expect(studio.as(ada).labels.delete({ projectId, labelId: LabelId.parse(label.id) })).rejects.toThrow(
    'no such class',
  )
})

test('a deleted project takes its members and labels with it', async () => {
  const projectId = await ownProject()
  await studio.as(ada).labels.save({ projectId, name: 'valve' })
  await studio.as(ada).projects.delete({ projectId })
  expect(await studio.as(ada).projects.list()).toEqual([])
  expect(await studio.db.label.count()).toBe(0)
})
