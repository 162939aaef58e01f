// The editor with 100 to 20,000 boxes on one image, against the same picture alone in a Konva stage (what no program
// can avoid) and against one react-konva node for each box (what annotation tools usually do), in one browser.
import { fileURLToPath } from 'node:url'
// Comes with tsx, which runs this file.
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../e2e/support/browser.ts'
import { Studio } from '../e2e/support/studio.ts'
import type {} from './annotator/peers.tsx'
import type { Drawn } from './annotator/probe.ts'
import { frameRow, hardware, heading, timeRow } from './annotator/report.ts'
import {
  COLOURS,
  LARGE_NAME,
  PICTURE,
  photograph,
  type Seeded,
  scatter,
  seedStudio,
} from './annotator/seed.ts'

/** Images of one size, through which one goes by the key for the next image. */
const IN_A_ROW = 4
/** Images in their order. */
const COUNTS = [...[100, 1_000, 5_000].flatMap((count) => Array<number>(IN_A_ROW).fill(count)), 20_000]
const MEASURED = [100, 1_000, 5_000, 20_000] as const
/** The slower, the fewer: a frame of 20,000 nodes takes seconds. */
const FRAMES = { editor: 120, nodes: { 100: 60, 1000: 40, 5000: 20, 20000: 6 } } as const
const CANVAS = '[data-boxes]'
const STAGE = '#stage canvas'
const VIEW = { width: 1440, height: 900 }

type Count = (typeof MEASURED)[number]
interface Motions {
  zoom: number[]
  pan: number[]
}

const studio = await Studio.start()
const browser = await openBrowser()
try {
  const seeded = await seedStudio(studio.dataDir, COUNTS)
  const page = await openEditorPage(browser, seeded)
  const area = await warmUp(page, seeded)
  const editor = new Map<Count, Motions>()
  console.log(hardware(browser.version(), area))

  heading('Milliseconds until it is on the screen')
  for (const count of MEASURED) {
    editor.set(count, await measureImage(page, seeded, count))
  }
  await measureNext(page, seeded)
  const large = await measureLarge(page, seeded)
  await page.close()

  const peers = await openPeersPage(browser)
  const scene = { area, image: PICTURE, colours: COLOURS, pictureUrl: await pictureUrl() }
  await peers.evaluate((given) => window.peers.drawPicture({ ...given, boxes: [] }), scene)
  const alone = await motionsOf(peers, STAGE, FRAMES.editor)
  heading('Milliseconds from frame to frame')
  for (const motion of ['zoom', 'pan'] as const) {
    frameRow(`${motion}: the picture alone`, alone[motion])
  }
  for (const motion of ['zoom', 'pan'] as const) frameRow(`${motion}: 12,000 × 9,000 px`, large[motion])
  for (const count of MEASURED) {
    const boxes = scatter(count)
    const opened = await peers.evaluate((given) => window.peers.drawNodes(given), { ...scene, boxes })
    const nodes = await motionsOf(peers, STAGE, FRAMES.nodes[count])
    timeRow(`${count} nodes made and drawn`, [opened])
    for (const motion of ['zoom', 'pan'] as const) {
      const own = editor.get(count)?.[motion] ?? []
      frameRow(`${motion}: ${count} boxes, the editor`, own, { alone: alone[motion], nodes: nodes[motion] })
      frameRow(`${motion}: ${count} boxes, a node each`, nodes[motion])
    }
  }
} finally {
  await browser.close()
  await studio.dispose()
}

async function openEditorPage(on: Browser, { cookie }: Seeded): Promise<Page> {
  const context = await on.newContext({ viewport: VIEW, locale: 'en-US' })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: studio.url }])
  await context.addInitScript({ content: await bundle('annotator/probe.ts') })
  return context.newPage()
}

/** The first visit loads the program; what is measured is the second. @returns CSS pixels of the canvas */
async function warmUp(page: Page, { projectId, images }: Seeded) {
  await page.goto(`${studio.url}/projects/${projectId}/annotate/${images[0]?.id}`)
  await page.locator(`${CANVAS}[data-boxes="100"]`).waitFor()
  await page.evaluate(() => window.probe.afterLoad({ rectangles: 50, pictures: 1 }))
  const box = await page.locator(CANVAS).boundingBox()
  if (!box) throw new Error('The canvas is not on the page.')
  return { width: Math.round(box.width), height: Math.round(box.height) }
}

async function measureImage(page: Page, { projectId, images }: Seeded, count: Count) {
  const place = images.findIndex((image) => image.boxes === count)
  const opened = await openFromGrid(page, projectId, `${place}-${count}.jpg`, mostOf(count))
  timeRow(`${count} boxes: opened from the grid`, [opened])
  const motions = await motionsOf(page, CANVAS, FRAMES.editor)

  await page.locator(CANVAS).press('0')
  await page.locator(CANVAS).press('1')
  const made = []
  const selected = []
  for (let run = 0; run < 5; run += 1) {
    made.push(await pressed(page, 'b', mostOf(count)))
    await settled(page)
    selected.push(await pressed(page, 'Control+a', mostOf(count)))
    await page.locator(CANVAS).press('Escape')
  }
  timeRow(
    `${count} boxes: a new box`,
    made.map(({ ms }) => ms),
    made.map(({ longest }) => longest),
  )
  timeRow(
    `${count} boxes: all selected`,
    selected.map(({ ms }) => ms),
    selected.map(({ longest }) => longest),
  )
  return motions
}

async function measureNext(page: Page, { projectId, images }: Seeded): Promise<void> {
  for (let first = 0; first + IN_A_ROW <= images.length; first += IN_A_ROW) {
    const [image, ...others] = images.slice(first, first + IN_A_ROW)
    if (!image) continue
    await page.goto(`${studio.url}/projects/${projectId}/annotate/${image.id}`)
    await page.locator(CANVAS).waitFor()
    await page.evaluate((drawn) => window.probe.afterLoad(drawn), mostOf(image.boxes))
    const times: number[] = []
    for (const next of others) {
      await settled(page)
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
      times.push((await pressed(page, 'd', { ...mostOf(next.boxes), pictures: 1 })).ms)
    }
    timeRow(`${image.boxes} boxes: the next image by key`, times)
  }
}

/** The grid, a double click, and all boxes are on the screen. @returns milliseconds */
async function openFromGrid(page: Page, projectId: string, name: string, drawn: Drawn): Promise<number> {
  await page.goto(`${studio.url}/projects/${projectId}`)
  const tile = page.getByLabel(new RegExp(`^${name}, `)).first()
  await tile.waitFor()
  const open = page.evaluate((what) => window.probe.afterEvent('dblclick', what), drawn)
  await tile.dblclick()
  const { ms } = await open
  await settled(page)
  return ms
}

/** Nearly all boxes have been drawn: a few are under the hand or at the border. */
function mostOf(count: number): Drawn {
  return { rectangles: Math.floor(count * 0.9), pictures: 0 }
}

/** 108 million pixels: the overview first, tiles when one zooms in. */
async function measureLarge(page: Page, { projectId }: Seeded): Promise<Motions> {
  const ms = await openFromGrid(page, projectId, LARGE_NAME, { rectangles: 0, pictures: 1 })
  timeRow('12,000 × 9,000 px: the first view', [ms])
  return motionsOf(page, CANVAS, FRAMES.editor)
}

async function pressed(page: Page, key: string, drawn: Drawn) {
  const measured = page.evaluate((what) => window.probe.afterEvent('keydown', what), drawn)
  await page.locator(CANVAS).press(key)
  return measured
}

/** Saved, and nothing on its way any more. */
async function settled(page: Page): Promise<void> {
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.waitForLoadState('networkidle')
}

async function motionsOf(page: Page, selector: string, count: number): Promise<Motions> {
  const measure = (motion: keyof Motions) =>
    page.evaluate((given) => window.probe.frames(given.selector, given.motion, given.count), {
      selector,
      motion,
      count,
    })
  return { zoom: await measure('zoom'), pan: await measure('pan') }
}

async function openPeersPage(on: Browser): Promise<Page> {
  const context = await on.newContext({ viewport: VIEW })
  const page = await context.newPage()
  await page.setContent('<body style="margin: 0"></body>')
  await page.addScriptTag({ content: await bundle('annotator/probe.ts') })
  await page.addScriptTag({ content: await bundle('annotator/peers.tsx') })
  return page
}

/** No page of the studio: made for the measurement only. */
async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: 'iife',
    write: false,
    minify: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const [output] = outputFiles
  if (!output) throw new Error(`${file} was not bundled.`)
  return output.text
}

async function pictureUrl(): Promise<string> {
  return `data:image/jpeg;base64,${(await photograph(85)).toString('base64')}`
}
