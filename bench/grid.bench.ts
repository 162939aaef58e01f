// The grid of a project with 100,000 images in a real studio and a real browser, against one with 1,000 images in the
// same run; the way to its end against pages that are appended, and page by OFFSET.
import { readdirSync, readFileSync } from 'node:fs'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { openBrowser, openPage } from '../e2e/support/browser.ts'
import { Studio as StartedStudio } from '../e2e/support/studio.ts'
import { seedManyImages } from '../prisma/seed/many-images.ts'
import { seedProject, seedUser } from '../prisma/seed/people.ts'
import { seedSession } from '../prisma/seed/sessions.ts'
import { ProjectId } from '../server/contracts/ids.ts'
import { ImageFilter, MOST_CARDS } from '../server/contracts/image.ts'
import { readPositions, writePositions } from '../server/contracts/image-positions.ts'
import { imageCards } from '../server/images/image-cards.ts'
import { matching } from '../server/images/image-filter.ts'
import { listPositions } from '../server/images/list-positions.ts'
import { openStudio } from '../server/studio.ts'
import { percentile, type Scrolled, watchGrid } from './support/grid-page.ts'
import { report, timed } from './support/report.ts'

const MANY = 100_000
const FEW = 1_000
/** Stops on the way through all of it; at each one everything in sight is there. */
const STOPS = 300
const FILTERS = [
  'label:decision',
  'label:"the red valve number 7"',
  'text~valve',
  'boxes>3',
  'boxes=0',
  'by:bo',
  'status:done',
  'split:val',
  'assignee:me',
  'comments:open',
  '-label:process',
  'frame_0999',
  'label:decision boxes>3 by:anna status:done text~valve split:train',
]

const started = await StartedStudio.start()
let browser: Browser | undefined
try {
  const studio = await openStudio(started.dataDir)
  const anna = await seedUser(studio, { name: 'Anna', email: 'anna@example.org', isOwner: true })
  const bo = await seedUser(studio, { name: 'Bo', email: 'bo@example.org' })
  const members = [
    { user: anna, role: 'owner' as const },
    { user: bo, role: 'annotator' as const },
  ]
  const few = await seedProject(studio, { name: 'Few', members })
  const many = await seedProject(studio, { name: 'Many', members })
  await seedManyImages(studio, few.id, { count: FEW, people: [anna, bo], seed: 2 })
  const seeded = await timed(() => seedManyImages(studio, many.id, { count: MANY, people: [anna, bo] }))
  console.log(`${MANY.toLocaleString('en')} images were made in ${seeded.seconds.toFixed(1)} s.`)

  browser = await openBrowser()
  const [name, value] = (await seedSession(studio, anna)).split('=') as [string, string]
  const cookie = { name, value, url: started.url }
  const visit = async () => {
    if (!browser) throw new Error('No browser.')
    const { page } = await openPage(browser)
    await page.context().addCookies([cookie])
    await watchGrid(page)
    return page
  }

  // Somebody has been here before: the server's own caches are warm, the browser's are not.
  const first = await visit()
  await open(first, few.id)
  const firstCold = await open(first, many.id)
  await first.context().close()

  const cold = { few: [] as number[], many: [] as number[] }
  const inside = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round < 3; round += 1) {
    for (const [key, project] of [['few', few] as const, ['many', many] as const]) {
      const page = await visit()
      cold[key].push(await open(page, project.id))
      await page.context().close()
      const other = await visit()
      inside[key].push(await enter(other, started.url, project.name))
      await other.context().close()
    }
  }
  report('First tiles with their pictures, from the address', [
    { name: '1,000 images', seconds: median(cold.few) / 1000 },
    { name: '100,000 images', seconds: median(cold.many) / 1000 },
    { name: '100,000 images, the first visit of all', seconds: firstCold / 1000 },
  ])
  report('First tiles with their pictures, from a click on the project', [
    { name: '1,000 images', seconds: median(inside.few) / 1000 },
    { name: '100,000 images', seconds: median(inside.many) / 1000 },
  ])

  const page = await visit()
  for (const [label, project] of [['  1,000', few] as const, ['100,000', many] as const]) {
    await open(page, project.id)
    console.log(`\nScrolling, ${label} images`)
    for (const [speed, milliseconds] of [
      [1_000, 4_000],
      [2_500, 4_000],
    ] as const) {
      await page.evaluate(() => window.grid.jump(0))
      // Another part at every speed: what has been in sight is in the browser's cache.
      await page.evaluate((share) => window.grid.jump(share), speed === 1_000 ? 0.1 : 0.4)
      const scrolled = await page.evaluate(([pixels, time]) => window.grid.scroll(pixels, time), [
        speed,
        milliseconds,
      ] as const)
      console.log(`  ${`${speed} px/s`.padEnd(12)} ${words(scrolled)}`)
    }
    for (const [place, share] of [
      ['middle', 0.5],
      ['end', 1],
      ['start', 0],
    ] as const) {
      const milliseconds = await page.evaluate((where) => window.grid.jump(where), share)
      console.log(
        `  jump to the ${place.padEnd(7)} ${milliseconds.toFixed(0).padStart(6)} ms until all in sight is there`,
      )
    }
  }

  console.log('\nFilters at 100,000 images, and at 1,000 (from Enter to shown · server)')
  const shown = new Map<string, string>()
  for (const project of [few, many]) {
    await open(page, project.id)
    for (const filter of FILTERS) {
      const { milliseconds, server, count } = await applyFilter(page, filter)
      const figures = `${milliseconds.toFixed(0).padStart(5)} ms · ${server.toFixed(0).padStart(4)} ms  ${count}`
      if (project === few) shown.set(filter, figures)
      else console.log(`  ${filter.slice(0, 34).padEnd(35)} ${figures.padEnd(42)} ${shown.get(filter)}`)
    }
  }

  console.log('\nMemory at 100,000 images')
  await open(page, many.id)
  const devtools = await page.context().newCDPSession(page)
  await page.evaluate(() => window.grid.jump(0))
  const before = await memory(devtools, started)
  const walked = await timed(async () => {
    for (let stop = 1; stop <= STOPS; stop += 1) {
      await page.evaluate((share) => window.grid.jump(share), stop / STOPS)
    }
  })
  const after = await memory(devtools, started)
  print('at the start', before)
  print(`after ${STOPS} stops on the way to the end`, after)
  const appended = await timed(() => page.evaluate(appendAll, { projectId: many.id, limit: MOST_CARDS }))
  const held = await memory(devtools, started)
  print('with every page appended, as lists without an end do', held)
  report('To the last image', [
    { name: `${MANY / MOST_CARDS} pages, appended one after the other`, seconds: appended.seconds },
    { name: 'jump', seconds: (await page.evaluate(() => window.grid.jump(1))) / 1000 },
  ])
  console.log(`The way with its ${STOPS} stops took ${walked.seconds.toFixed(0)} s.`)

  const filter = ImageFilter.parse({ text: 'valve' })
  const where = matching(many.id, filter, anna.id)
  const { positions } = await listPositions(
    studio.db,
    { projectId: ProjectId.parse(many.id), filter },
    anna.id,
  )
  const last = writePositions(readPositions(positions).subarray(-48))
  const total = readPositions(positions).length
  const byOffset = await timed(
    () => studio.db.$queryRaw`
      SELECT i."id" FROM "Image" i WHERE ${where} ORDER BY i."position" LIMIT 48 OFFSET ${total - 48}`,
  )
  const byPosition = await timed(() =>
    imageCards(studio.db, { projectId: ProjectId.parse(many.id), positions: last }),
  )
  report('The last page of text~valve', [
    { name: 'ids by OFFSET', seconds: byOffset.seconds },
    { name: 'whole cards by position', seconds: byPosition.seconds },
  ])
  await studio.db.$disconnect()
} finally {
  await browser?.close()
  await started.dispose()
}

async function open(page: Page, projectId: string): Promise<number> {
  await page.goto(`${started.url}/projects/${projectId}`, { waitUntil: 'commit' })
  return page.evaluate(() => window.grid.painted(0, true))
}

async function enter(page: Page, url: string, name: string): Promise<number> {
  await page.goto(url)
  const link = page.getByRole('link', { name: new RegExp(name) }).first()
  await link.waitFor()
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => {
    document.addEventListener('click', () => sessionStorage.setItem('clicked', String(performance.now())), {
      capture: true,
    })
  })
  await link.click()
  return page.evaluate(() => window.grid.painted(Number(sessionStorage.getItem('clicked')), true))
}

async function applyFilter(page: Page, filter: string) {
  const box = page.getByLabel('Filter images')
  await page.evaluate(() => {
    performance.clearResourceTimings()
    document.addEventListener('input', () => window.grid.expectOther(), { capture: true, once: true })
    document.addEventListener(
      'keydown',
      ({ timeStamp }) => sessionStorage.setItem('entered', String(timeStamp)),
      { capture: true, once: true },
    )
  })
  // Set as a whole and sent with Enter: the pause that the box makes while somebody types is no part of it.
  await box.fill(filter)
  await box.press('Enter')
  return page.evaluate(async () => {
    const milliseconds = await window.grid.painted(Number(sessionStorage.getItem('entered')), false)
    const asked = performance
      .getEntriesByType('resource')
      .filter((entry): entry is PerformanceResourceTiming => entry.name.includes('images.positions'))
    const server = Math.max(
      0,
      ...asked.map(({ requestStart, responseStart }) => responseStart - requestStart),
    )
    return { milliseconds, server, count: document.querySelector('output')?.textContent ?? '' }
  })
}

function words({ frames, empty, blank }: Scrolled): string {
  const share = (count: number) => `${((100 * count) / frames.length).toFixed(1)} %`.padStart(7)
  return [
    `frames p50 ${percentile(frames, 0.5).toFixed(0)} ms, p95 ${percentile(frames, 0.95).toFixed(0)} ms`,
    `${share(empty)} with an empty tile in sight`,
    `${share(blank)} with a picture not there yet`,
  ].join(', ')
}

interface Memory {
  /** Megabytes. */
  heap: number
  renderer: number
  server: number
}

async function memory(devtools: CDPSession, { dataDir }: StartedStudio): Promise<Memory> {
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('Performance.enable')
  const { metrics } = await devtools.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
  return {
    heap: heap / 2 ** 20,
    renderer: resident((command) => command.includes('--type=renderer')),
    server: resident((command) => command.startsWith('next-server'), dataDir),
  }
}

/** Megabytes in memory of the largest process that this fits; of this run's own where its data folder is given. */
function resident(fits: (command: string) => boolean, dataDir?: string): number {
  let largest = 0
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      if (!fits(command)) continue
      if (dataDir && !readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dataDir)) continue
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
      largest = Math.max(largest, kilobytes / 1024)
    } catch {
      // It ended while it was looked at.
    }
  }
  return largest
}

function print(name: string, { heap, renderer, server }: Memory): void {
  const megabytes = (value: number) => `${value.toFixed(0)} MB`.padStart(8)
  console.log(
    `  ${name.padEnd(54)} heap ${megabytes(heap)}, page's process ${megabytes(renderer)}, server ${megabytes(server)}`,
  )
}

/** Runs in the page: what a list that only grows does on the way to its end. */
async function appendAll({ projectId, limit }: { projectId: string; limit: number }): Promise<number> {
  const kept: unknown[] = []
  for (let cursor: number | null = null, more = true; more; ) {
    const input = encodeURIComponent(JSON.stringify({ json: { projectId, limit, cursor } }))
    const answer = await fetch(`/api/trpc/images.list?input=${input}`)
    const body = (await answer.json()) as {
      result: { data: { json: { images: unknown[]; nextCursor: number | null } } }
    }
    const { images, nextCursor } = body.result.data.json
    kept.push(...images)
    cursor = nextCursor
    more = nextCursor !== null
  }
  Object.assign(window, { kept })
  return kept.length
}

function median(values: number[]): number {
  return percentile(values, 0.5)
}
