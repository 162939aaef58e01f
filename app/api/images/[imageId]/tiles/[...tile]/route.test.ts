import { existsSync, readdirSync, rmSync } from 'node:fs'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedImage } from '../../../../../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../../../../../prisma/seed/people.ts'
import { seedSession } from '../../../../../../prisma/seed/sessions.ts'
import { type TestStudio, testStudio } from '../../../../../../prisma/seed/studio.ts'
import { ImageId, ProjectId } from '../../../../../../server/contracts/ids.ts'
import { coarsestLevel, tilesAcross } from '../../../../../../server/contracts/tiles.ts'
import { deleteImages } from '../../../../../../server/images/change-images.ts'
import { overviewPath, tilesFolder } from '../../../../../../server/images/overview.ts'
import { deleteProject } from '../../../../../../server/projects/delete-project.ts'
import { GET } from './route.ts'

/** Narrow, so that the test is quick; red on the left, green on the right, blue and white below. */
const LARGE = { width: 8300, height: 520 }

let studio: TestStudio
let projectId: string
let image: { id: string; sha256: string; width: number; height: number }
let cookie: string

beforeEach(async () => {
  studio = await testStudio()
  const user = await seedUser(studio)
  cookie = await seedSession(studio, user)
  projectId = (await seedProject(studio, { members: [{ user, role: 'viewer' }] })).id
  image = await seedImage(studio, projectId, LARGE)
})
afterEach(() => studio.dispose())

const fetchTile = (tile: string, imageId = image.id) =>
  GET(new Request('http://studio/', { headers: { cookie } }), {
    params: Promise.resolve({ imageId, tile: tile.split('/') }),
  })

async function pixels(response: Response) {
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const middle = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels
  return { width: info.width, height: info.height, colour: [...data.subarray(middle, middle + 3)] }
}

test('the overview is made when the picture arrives, and the browser may keep it', async () => {
  expect(existsSync(overviewPath(studio.paths, image.sha256))).toBe(true)
  const response = await fetchTile('overview')
  expect(response.headers.get('content-type')).toBe('image/jpeg')
  expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(await pixels(response)).toMatchObject({ width: 2048, height: 128 })
})

test('the tiles of every level cover the picture, each half as many pixels as the one before', async () => {
  expect(coarsestLevel(image)).toBe(2)
  for (let level = 0; level <= coarsestLevel(image); level += 1) {
    const { columns, rows } = tilesAcross(image, level)
    const widths = []
    for (let column = 0; column < columns; column += 1) {
      widths.push((await pixels(await fetchTile(`${level}/${column}_0`))).width)
    }
    expect(widths.reduce((sum, width) => sum + width, 0)).toBe(Math.ceil(LARGE.width / 2 ** level))
    const last = await pixels(await fetchTile(`${level}/0_${rows - 1}`))
    expect((rows - 1) * 512 + last.height).toBe(Math.ceil(LARGE.height / 2 ** level))
  }
})

test('a tile shows its own part of the picture', async () => {
  const [left, right] = [await pixels(await fetchTile('0/0_0')), await pixels(await fetchTile('0/16_0'))]
  expect(left).toMatchObject({ width: 512, height: 512 })
  expect(right).toMatchObject({ width: 8300 - 16 * 512, height: 512 })
  const [red = 0, , blue = 0] = left.colour
  const [, green = 0] = right.colour
  expect([red > 150, blue < 100, green > 150]).toEqual([true, true, true])
})

test('many tiles asked for at once are made in one go, and nothing is left behind', async () => {
  const answers = await Promise.all(['0/0_0', '0/1_0', '1/0_0', '2/0_0'].map((tile) => fetchTile(tile)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(readdirSync(studio.paths.temporary)).toEqual([])
})

test('what the picture does not have is not found: a tile beyond its edge, a coarser level, another name', async () => {
  for (const tile of ['0/17_0', '0/0_2', '3/0_0', '0/0_0/0', '0/-1_0', 'x/0_0', '..', 'levels']) {
    expect((await fetchTile(tile)).status, tile).toBe(404)
  }
})

test('a picture of ordinary size has no tiles', async () => {
  const small = await seedImage(studio, projectId, { width: 640, height: 480 })
  expect((await fetchTile('overview', small.id)).status).toBe(404)
  expect(existsSync(tilesFolder(studio.paths, small.sha256))).toBe(false)
})

test('what somebody deleted from the data folder is made again', async () => {
  rmSync(tilesFolder(studio.paths, image.sha256), { recursive: true })
  expect((await fetchTile('overview')).status).toBe(200)
  expect((await fetchTile('2/0_0')).status).toBe(200)
})

test('tiles go with the last image that shows the picture', async () => {
  await fetchTile('0/0_0')
  const other = await seedProject(studio)
  const { id: _, ...copied } = await studio.db.image.findUniqueOrThrow({ where: { id: image.id } })
  await studio.db.image.create({
    data: { ...copied, baking: copied.baking ?? {}, id: 'im_copy', projectId: other.id },
  })
  const given = { projectId: ProjectId.parse(projectId), imageIds: [ImageId.parse(image.id)] }
  await deleteImages(studio, given)
  expect(existsSync(tilesFolder(studio.paths, image.sha256))).toBe(true)
  await deleteProject(studio, other.id)
  expect(existsSync(tilesFolder(studio.paths, image.sha256))).toBe(false)
})
