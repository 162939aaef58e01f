import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedVersion } from '../../prisma/seed/runs.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'

// Each word on the command line is a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let studio: TestStudio
let hub: Server | undefined
beforeEach(async () => {
  studio = await testStudio()
})
afterEach(async () => {
  hub?.closeAllConnections()
  hub?.close()
  await studio.dispose()
})

/** The command with --json. @returns its exit code and answer */
async function refbox(words: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', ...words, '--json'], {
    env: { ...process.env, ...environment, INIT_CWD: studio.paths.root, REFBOX_DATA: studio.paths.root },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, answer: JSON.parse(out) as Record<string, never> }
}

test('a model is added by its folder, and a run of it started, shown, stopped and resumed', async () => {
  const owner = await seedUser(studio, { isOwner: true })
  const project = await seedProject(studio, { members: [{ user: owner, role: 'owner' }] })
  await seedVersion(studio, owner, project.id, { train: 3, val: 1 })
  seedModelFolder(studio, 'Mine')
  // Relative to the folder the person is in.
  const added = await refbox(['models', 'add', 'elsewhere/Mine'])
  expect(added).toMatchObject({ code: 0, answer: { ok: true } })
  const listed = await refbox(['models', 'list'])
  expect(listed.answer.models).toContainEqual(expect.objectContaining({ name: 'Mine', onDisk: true }))

  const words = ['runs', 'start', '--project', project.id, '--model', 'Mine', '--epochs', '2', '--packing']
  const { id } = (await refbox(words)).answer
  const shown = await refbox(['runs', 'show', id ?? ''])
  expect(shown.answer).toMatchObject({
    run: { status: 'queued', config: { train: { epochs: 2 }, sequence: { packing: true } } },
    progress: null,
  })
  expect(await refbox(['runs', 'stop', id ?? ''])).toMatchObject({ code: 0 })
  const runs = await refbox(['runs', 'list', '--project', project.id])
  expect(runs.answer.runs).toMatchObject([{ id, status: 'stopped' }])
  expect(await refbox(['runs', 'resume', id ?? ''])).toMatchObject({
    code: 0,
    answer: { checkpointStep: null },
  })
  expect(await refbox(['runs', 'start', '--project', project.id, '--model', 'Yours'])).toMatchObject({
    code: 2,
    answer: { ok: false, code: 'NOT_FOUND' },
  })
})

test('a model that is neither a folder nor on a hub that answers is refused with what to do', async () => {
  expect(await refbox(['models', 'add', 'nowhere'])).toMatchObject({
    code: 2,
    answer: { code: 'BAD_REQUEST' },
  })
  hub = createServer((_request, response) =>
    response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end(),
  )
  await new Promise<void>((resolve) => hub?.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`
  const environment = { HF_ENDPOINT: endpoint, NO_PROXY: '127.0.0.1' }
  const unknown = await refbox(['models', 'add', 'nobody/nothing'], environment)
  expect(unknown).toMatchObject({ code: 2, answer: { details: { code: 'not_found' } } })

  hub.closeAllConnections()
  await new Promise((resolve) => hub?.close(resolve))
  const offline = await refbox(['models', 'add', 'nobody/nothing'], environment)
  expect(offline.answer).toMatchObject({
    details: { code: 'no_network', copyByHand: { folder: path.join(studio.paths.models, 'nothing') } },
  })
})
