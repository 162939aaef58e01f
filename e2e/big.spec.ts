// A picture too large for a browser to decode, with thousands of boxes on it: one works as on any other.
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aBox, anExpression, seedAnnotations } from '../prisma/seed/annotations.ts'
import { seedImage } from '../prisma/seed/images.ts'
import { openStudio } from '../server/studio.ts'
import { drawBox } from './support/annotator.ts'
import { createOwner, createProject } from './support/people.ts'
import { Visit } from './support/visit.ts'

/** 24 million pixels: red on the left of the middle, blue on the right. */
const PICTURE = { width: 6000, height: 4000 }
/** 60 columns and 50 rows of boxes. */
const [COLUMNS, ROWS] = [60, 50]
const STEP = { x: PICTURE.width / COLUMNS, y: PICTURE.height / ROWS }
const COUNT = COLUMNS * ROWS

let visit: Visit
let page: Page
let errors: string[]
let large: string
let small: string
const requests: string[] = []

beforeAll(async () => {
  visit = await Visit.begin()
  ;({ page, errors } = visit)
  await createOwner(page)
  const project = await createProject(page, 'Aerial pictures')
  await seed(project.split('/').at(-1) ?? '')
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  await page.goto(project)
  await page
    .getByLabel(/^large\.jpg, /)
    .first()
    .dblclick()
  await page.waitForURL(/\/annotate\//)
  await shown()
})

afterAll(() => visit?.end())

async function seed(projectId: string): Promise<void> {
  const studio = await openStudio(visit.studio.dataDir)
  const half = { width: PICTURE.width / 2, height: PICTURE.height, channels: 3 } as const
  const right = await sharp({ create: { ...half, background: '#0000ff' } })
    .png()
    .toBuffer()
  const bytes = await sharp({ create: { ...half, ...PICTURE, background: '#ff0000' } })
    .composite([{ input: right, left: PICTURE.width / 2, top: 0 }])
    .jpeg()
    .toBuffer()
  large = (await seedImage(studio, projectId, { fileName: 'large.jpg', bytes })).id
  small = (await seedImage(studio, projectId, { fileName: 'small.png', width: 320, height: 200 })).id
  const valve = anExpression({ text: 'valve' })
  const boxes = Array.from({ length: COUNT }, (_, place) => {
    const [column, row] = [place % COLUMNS, Math.floor(place / COLUMNS)]
    return aBox([valve], {
      x: column * STEP.x + 20,
      y: row * STEP.y + 20,
      width: STEP.x - 40,
      height: STEP.y - 40,
      position: place + 1,
    })
  })
  await seedAnnotations(studio, large, { expressions: [valve], boxes })
  await studio.db.$disconnect()
}

const canvas = () => page.getByLabel(/^Image with /)
const count = async () => Number(await canvas().getAttribute('data-boxes'))
const said = (words: string | RegExp) => page.getByText(words).first().waitFor()

async function shown(): Promise<void> {
  await canvas().waitFor()
  await page.getByText('Loading the picture…').waitFor({ state: 'detached' })
}

async function viewport() {
  const [scale = 0, x = 0, y = 0] =
    (await canvas().getAttribute('data-viewport'))?.split(' ').map(Number) ?? []
  return { scale, x, y }
}

/** Where a place of the picture is on the page. */
async function onPage(x: number, y: number): Promise<[number, number]> {
  const area = await canvas().boundingBox()
  const view = await viewport()
  return [(area?.x ?? 0) + x * view.scale + view.x, (area?.y ?? 0) + y * view.scale + view.y]
}

/** What the picture's own layer shows, as shares of the canvas: r, g, b. */
function colourAt(across: number, down: number): Promise<number[]> {
  return canvas().evaluate(
    (element, [x, y]) => {
      const layer = element.querySelector('canvas')
      const context = layer?.getContext('2d')
      if (!layer || !context) throw new Error('There is no canvas.')
      return [...context.getImageData(layer.width * x, layer.height * y, 1, 1).data.slice(0, 3)]
    },
    [across, down] as const,
  )
}

async function waitForColour(across: number, down: number, colour: 'red' | 'blue'): Promise<void> {
  const isThere = async () => {
    const [red = 0, , blue = 0] = await colourAt(across, down)
    return colour === 'red' ? red > 200 && blue < 60 : blue > 200 && red < 60
  }
  await expect.poll(isThere, { timeout: 20_000 }).toBe(true)
}

describe('a large picture with thousands of boxes', () => {
  it('is shown by its overview; the file itself stays on the server', async () => {
    expect(await count()).toBe(COUNT)
    await waitForColour(0.3, 0.5, 'red')
    await waitForColour(0.7, 0.5, 'blue')
    expect(requests).toContain(`/api/images/${large}/tiles/overview`)
    expect(requests).not.toContain(`/api/images/${large}`)
  })

  it('gets sharper where one looks, and only there', async () => {
    const before = await viewport()
    const tile = page.waitForResponse(/\/tiles\/\d\/\d+_\d+$/)
    await page.mouse.move(...(await onPage(PICTURE.width / 2, PICTURE.height / 2)))
    for (let notch = 0; notch < 16; notch += 1) await page.mouse.wheel(0, -100)
    await expect.poll(async () => (await viewport()).scale / before.scale).toBeGreaterThan(8)
    expect((await tile).status()).toBe(200)
    await waitForColour(0.2, 0.5, 'red')
    await waitForColour(0.8, 0.5, 'blue')
    await page.waitForLoadState('networkidle')
    const tiles = requests.filter((path) => /\/tiles\/0\//.test(path))
    expect(tiles.length).toBeGreaterThan(0)
    expect(tiles.length).toBeLessThan(60)
  })

  it('turns with its tiles', async () => {
    await canvas().press('.')
    await waitForColour(0.5, 0.15, 'red')
    await waitForColour(0.5, 0.85, 'blue')
    await canvas().press(',')
    await waitForColour(0.2, 0.5, 'red')
  })

  it('has each box where it was put: a press takes hold of it, the list knows its place', async () => {
    await canvas().press('v')
    const [column, row] = [30, 25]
    await page.mouse.click(...(await onPage((column + 0.5) * STEP.x, (row + 0.5) * STEP.y)))
    await said(new RegExp(`valve.* x ${column * STEP.x + 20}, y ${row * STEP.y + 20},`))
    const line = page.getByRole('option', { selected: true })
    expect(await line.getAttribute('data-box')).toBe(
      [column * STEP.x + 20, row * STEP.y + 20, STEP.x - 40, STEP.y - 40].join(' '),
    )
  })

  it('takes another box, selects all of them, and keeps what was drawn', async () => {
    await canvas().press('1')
    await drawBox(page, [0.3, 0.3], [0.5, 0.5])
    await expect.poll(count).toBe(COUNT + 1)
    await canvas().press('v')
    await canvas().press('Control+a')
    await said(`${(COUNT + 1).toLocaleString('en')} boxes selected`)
    await page.getByText('Saved', { exact: true }).waitFor()
    requests.length = 0
    await page.reload()
    await shown()
    expect(await count()).toBe(COUNT + 1)
  })

  it('has the next image ready before one goes there', async () => {
    const asked = () => requests.filter((path) => path === `/api/images/${small}`).length
    await expect.poll(asked).toBe(1)
    await canvas().press('d')
    await page.waitForURL((url) => url.pathname.endsWith(small))
    await shown()
    await expect.poll(count).toBe(0)
    expect(asked()).toBe(1)
    await canvas().press('a')
    await expect.poll(count).toBe(COUNT + 1)
    expect(errors).toEqual([])
  })
})
