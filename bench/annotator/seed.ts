// A project whose images have 100, 1,000, 5,000 and 20,000 boxes, in the data folder of a running studio.
import sharp from 'sharp'
import { aBox, anExpression, seedAnnotations } from '../../prisma/seed/annotations.ts'
import { seedImage } from '../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { seedSession } from '../../prisma/seed/sessions.ts'
import { openStudio } from '../../server/studio.ts'

export const PICTURE = { width: 3000, height: 2000 }
const LARGE_PICTURE = { width: 12_000, height: 9_000 }
export const LARGE_NAME = 'large.jpg'
export const COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#f0e442',
  '#332288',
  '#88ccee',
  '#117733',
] as const

export interface SeedBox {
  x: number
  y: number
  width: number
  height: number
  /** Place in COLOURS. */
  label: number
}

export interface SeededImage {
  id: string
  boxes: number
}

export interface Seeded {
  projectId: string
  /** In the order of the project. */
  images: SeededImage[]
  /** The Cookie header of a signed-in browser. */
  cookie: string
}

/** The same boxes in every run: anywhere on the picture, 8 to 60 pixels a side. */
export function scatter(count: number): SeedBox[] {
  const random = sequence(count)
  return Array.from({ length: count }, (_, place) => {
    const [width, height] = [8 + random() * 52, 8 + random() * 52]
    const [x, y] = [random() * (PICTURE.width - width), random() * (PICTURE.height - height)]
    return { x, y, width, height, label: place % COLOURS.length }
  })
}

export async function seedStudio(dataDir: string, counts: readonly number[]): Promise<Seeded> {
  const studio = await openStudio(dataDir)
  try {
    const user = await seedUser(studio, { isOwner: true })
    const project = await seedProject(studio, { members: [{ user, role: 'manager' }] })
    await studio.db.label.createMany({
      data: COLOURS.map((colour, position) => ({
        id: `lb_${position}`,
        projectId: project.id,
        name: `class ${position}`,
        colour,
        position,
      })),
    })
    const images: SeededImage[] = []
    for (const [place, count] of counts.entries()) {
      const bytes = await photograph(85 + place)
      const { id } = await seedImage(studio, project.id, { fileName: `${place}-${count}.jpg`, bytes })
      const expressions = COLOURS.map((_, position) => anExpression({ text: `class ${position}` }))
      const boxes = scatter(count).flatMap(({ label, ...rect }) => {
        const expression = expressions[label]
        return expression ? aBox([expression], rect) : []
      })
      await seedAnnotations(studio, id, { expressions, boxes })
      images.push({ id, boxes: count })
    }
    await seedImage(studio, project.id, {
      fileName: LARGE_NAME,
      bytes: await largePhotograph(),
    })
    const cookie = await seedSession(studio, user)
    return { projectId: project.id, images, cookie }
  } finally {
    await studio.db.$disconnect()
  }
}

/** Soft spots with some grain: as hard to decode as a photograph. Others of the same size differ in quality only. */
export async function photograph(quality: number): Promise<Buffer> {
  base ??= await drawn()
  return sharp(base, { raw: { ...PICTURE, channels: 3 } })
    .jpeg({ quality })
    .toBuffer()
}

let base: Buffer | undefined

async function drawn(): Promise<Buffer> {
  const random = sequence(1)
  const [across, down] = [60, 40]
  const spots = Buffer.from(Array.from({ length: across * down * 3 }, () => Math.floor(random() * 256)))
  const pixels = await sharp(spots, { raw: { width: across, height: down, channels: 3 } })
    .resize(PICTURE.width, PICTURE.height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer()
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = (pixels[at] ?? 0) * 0.9 + random() * 25
  return pixels
}

/** The photograph once more, four times as large. */
async function largePhotograph(): Promise<Buffer> {
  return sharp(await photograph(90))
    .resize(LARGE_PICTURE.width, LARGE_PICTURE.height, { kernel: 'nearest', fit: 'fill' })
    .jpeg({ quality: 85 })
    .toBuffer()
}

function sequence(seed: number): () => number {
  let state = seed * 7919 + 1
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
