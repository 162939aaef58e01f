import { rmSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readThumbnails } from '../../../../../components/images/read-thumbnails.ts'
import { seedImage } from '../../../../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../../../../prisma/seed/people.ts'
import { seedSession } from '../../../../../prisma/seed/sessions.ts'
import { type TestStudio, testStudio } from '../../../../../prisma/seed/studio.ts'
import { thumbnailPath } from '../../../../../server/images/thumbnail.ts'
import { blobPath } from '../../../../../server/storage/blobs.ts'
import { GET } from './route.ts'

let studio: TestStudio
let projectId: string
let hashes: string[]
let cookie: string

beforeEach(async () => {
  studio = await testStudio()
  const user = await seedUser(studio)
  cookie = await seedSession(studio, user)
  projectId = (await seedProject(studio, { members: [{ user, role: 'viewer' }] })).id
  hashes = []
  for (const width of [300, 200, 100]) {
    hashes.push((await seedImage(studio, projectId, { width, height: 50 })).sha256)
  }
})
afterEach(() => studio.dispose())

const get = (positions: string) =>
  GET(new Request(`http://studio/?positions=${positions}`, { headers: { cookie } }), {
    params: Promise.resolve({ projectId }),
  })

async function widths(response: Response): Promise<Record<number, number | null>> {
  const found: Record<number, number | null> = {}
  for (const [position, bytes] of readThumbnails(await response.arrayBuffer())) {
    found[position] = bytes.length === 0 ? null : ((await sharp(bytes).metadata()).width ?? 0)
  }
  return found
}

test('the thumbnails that are there come in one answer, which the browser may keep', async () => {
  const response = await get('1,3-9')
  expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
  expect(await widths(response)).toEqual({ 1: 300, 3: 100 })
})

test('a thumbnail that was deleted is made again; a lost picture leaves its place and is asked for again', async () => {
  for (const hash of hashes.slice(0, 2)) rmSync(thumbnailPath(studio.paths, hash))
  rmSync(blobPath(studio.paths, hashes[1] ?? ''))
  const response = await get('1-3')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await widths(response)).toEqual({ 1: 300, 2: null, 3: 100 })
})

test('more than a page, or what are no positions, is refused', async () => {
  expect((await get('1-1000')).status).toBe(400)
  expect((await get('all')).status).toBe(400)
})
