import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seedModelFolder } from '../../prisma/seed/models.ts'
import { seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { env } from '../env.ts'
import { waitFor } from '../jobs/testing/wait-for.ts'
import { startWorker, type WorkerProcess } from '../jobs/testing/worker-process.ts'
import { fetchFailure } from './fetch-task.ts'
import { type FetchCard, listFetches } from './fetches.ts'

// Each case starts a worker and a real fetch.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

const REPOSITORY = 'OpenGVLab/InternVL2-Tiny'
const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00'
const FILES = ['config.json', 'tokenizer.json', 'model.safetensors']

let studio: TestStudio
let owner: Viewer
let worker: WorkerProcess | undefined
let hub: Server
let endpoint: string
/** While true the weights come only half and the rest is held back. */
let isStalled: boolean
/** First bytes that were asked for of the weights. */
let ranges: (string | undefined)[]

beforeEach(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { isOwner: true })
  isStalled = false
  ranges = []
  const source = seedModelFolder(studio, 'source')
  const content = (file: string) =>
    // The client writes in pieces of 10 MiB; a resume needs one of them on the disk.
    file === 'model.safetensors'
      ? Buffer.concat([readFileSync(path.join(source, file)), Buffer.alloc(12 * 1024 * 1024)])
      : readFileSync(path.join(source, file))
  hub = createServer((request, response) => {
    const url = request.url ?? ''
    if (url.startsWith('/api/models/')) {
      response.setHeader('content-type', 'application/json')
      const siblings = FILES.map((file) => ({ rfilename: file, ...described(content(file)) }))
      response.end(JSON.stringify({ id: REPOSITORY, sha: COMMIT, siblings }))
      return
    }
    const file = path.basename(url)
    if (!FILES.includes(file)) {
      response.writeHead(404).end()
      return
    }
    const bytes = content(file)
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const isWeights = file === 'model.safetensors'
    if (isWeights) ranges.push(request.headers.range)
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': bytes.length - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    if (isWeights && isStalled) response.write(bytes.subarray(start, bytes.length - 1000))
    else response.end(bytes.subarray(start))
  })
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`
})
afterEach(async () => {
  await worker?.end('SIGKILL')
  hub.closeAllConnections()
  hub.close()
  await studio.dispose()
})

function described(bytes: Buffer) {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { size: bytes.length, lfs: { sha256, size: bytes.length, pointerSize: 130 } }
}

function start(): WorkerProcess {
  worker = startWorker(studio, {
    python: env.python,
    environment: { HF_ENDPOINT: endpoint, NO_PROXY: '127.0.0.1' },
  })
  return worker
}

const only = async () => (await listFetches(studio))[0]
const waitForFetch = (what: string, is: (card: FetchCard | undefined) => unknown) =>
  waitFor(what, async () => {
    const card = await only()
    return is(card) ? { card } : null
  })

describe.skipIf(!existsSync(env.python))('fetching a base model', () => {
  it('puts it into the list, with the commit that it was', async () => {
    await studio.as(owner).models.fetch({ repository: REPOSITORY })
    start()
    await waitForFetch('the fetch to be over', (card) => card === undefined)
    const models = await studio.as(owner).models.list()
    expect(models.find(({ name }) => name === 'InternVL2-Tiny')).toMatchObject({
      onDisk: true,
      inDataFolder: true,
      fetched: { repository: REPOSITORY, commit: COMMIT },
    })
    await expect(studio.as(owner).models.fetch({ repository: REPOSITORY })).rejects.toThrow(/there already/)
    await expect(studio.as(owner).models.fetch({ repository: 'else/InternVL2-Tiny' })).rejects.toThrow(
      /another model/,
    )
  })

  it('goes on at its byte after it was cancelled, and after worker and process were killed', async () => {
    isStalled = true
    const { taskId } = await studio.as(owner).models.fetch({ repository: REPOSITORY })
    const first = start()
    const part = path.join(studio.paths.models, '.InternVL2-Tiny.fetching/model.safetensors.part')
    await waitFor('a piece of the weights', async () => existsSync(part) && readFileSync(part).length > 0)
    await studio.as(owner).models.cancelFetch({ taskId })
    await waitForFetch('the cancel', (card) => card?.status === 'cancelled')

    await studio.as(owner).models.fetch({ repository: REPOSITORY })
    const { pid } = await waitFor('the second process', () =>
      studio.db.task.findFirst({ where: { status: 'running', pid: { gt: 0 } } }),
    )
    await waitFor('it to ask for the rest', async () => ranges.length === 2)
    await first.end('SIGKILL')
    process.kill(pid ?? 0, 'SIGKILL')
    isStalled = false
    start()
    await waitForFetch('the fetch to be over', (card) => card === undefined)
    expect(ranges[0]).toBeUndefined()
    expect(ranges.slice(1)).toEqual(ranges.slice(1).map(() => `bytes=${10 * 1024 * 1024}-`))
    expect((await studio.as(owner).models.list()).map(({ name }) => name)).toContain('InternVL2-Tiny')
  })

  it('that cannot reach the hub says which files to bring and where, and can be thrown away', async () => {
    hub.close()
    await studio.as(owner).models.fetch({ repository: REPOSITORY })
    start()
    const { card } = await waitForFetch('the failure', (found) => found?.status === 'failed')
    expect(card?.failure).toMatchObject({
      code: 'no_network',
      copyByHand: { exact: false, folder: path.join(studio.paths.models, 'InternVL2-Tiny') },
    })
    expect(card?.failure?.copyByHand?.files).toContain('config.json')
    await studio.as(owner).models.discardFetch({ taskId: card?.id ?? '' })
    expect(await only()).toBeUndefined()
  })
})

it('keeps what the process printed last when it died without a word', () => {
  expect(fetchFailure('one\ntwo\nthree\nfour\n', 'signal SIGKILL')).toEqual({
    code: 'failed',
    message: 'two\nthree\nfour (signal SIGKILL)',
    whatToDo: '',
    copyByHand: null,
  })
})
