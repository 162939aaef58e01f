import { readFileSync, rmSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedImage } from '../../../../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../../../../prisma/seed/people.ts'
import { seedSession } from '../../../../../prisma/seed/sessions.ts'
import { type TestStudio, testStudio } from '../../../../../prisma/seed/studio.ts'
import { thumbnailPath } from '../../../../../server/images/thumbnail.ts'
import { blobPath } from '../../../../../server/storage/blobs.ts'
import { GET } from './route.ts'

let studio: TestStudio
let image: { id: string; sha256: string }
let cookie: string

beforeEach(async () => {
  studio = await testStudio()
  const user = await seedUser(studio)
  cookie = await seedSession(studio, user)
  const project = await seedProject(studio, { members: [{ user, role: 'viewer' }] })
  image = await seedImage(studio, project.id, { width: 1000, height: 500 })
})
afterEach(() => studio.dispose())

const fetchThumbnail = () =>
  GET(new Request('http://studio/', { headers: { cookie } }), {
    params: Promise.resolve({ imageId: image.id }),
  })

test('a thumbnail is small, WebP, and the browser may keep it', async () => {
  const response = await fetchThumbnail()
  expect(response.headers.get('content-type')).toBe('image/webp')
  expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
  const { width, height, format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
  expect({ width, height, format }).toEqual({ width: 384, height: 192, format: 'webp' })
})

test('a thumbnail that was deleted is made again', async () => {
  const file = thumbnailPath(studio.paths, image.sha256)
  const before = readFileSync(file)
  rmSync(file)
  const response = await fetchThumbnail()
  expect(Buffer.from(await response.arrayBuffer()).equals(before)).toBe(true)
})

test('without thumbnail and picture the answer is not found, not a defect', async () => {
  rmSync(thumbnailPath(studio.paths, image.sha256))
  rmSync(blobPath(studio.paths, image.sha256))
  expect((await fetchThumbnail()).status).toBe(404)
})
