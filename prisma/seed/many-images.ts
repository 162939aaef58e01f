import { type Random, seededRandom } from '../../server/charts/random.ts'
import type { AnnotationDocument, Box, Expression } from '../../server/contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../../server/contracts/ids.ts'
import { type ImageStatus, Split } from '../../server/contracts/image.ts'
import type { Database } from '../../server/db/client.ts'
import { newId } from '../../server/db/ids.ts'
import type { Studio } from '../../server/studio.ts'
import { creationOf } from './annotations.ts'
import { manyPictures, PICTURE } from './many-pictures.ts'

/** One statement takes so many rows as one JSON parameter; more of them are no faster. */
const ROWS_A_STATEMENT = 10_000
const IMAGES_A_TURN = 5_000

export const CLASSES = ['process', 'decision', 'terminator', 'data', 'document', 'connector', 'note', 'arrow']
const THINGS = ['valve', 'pump', 'tank', 'sensor', 'pipe', 'motor', 'filter', 'gauge', 'switch', 'boiler']
const COLOURS = ['red', 'blue', 'green', 'yellow', 'grey']

export interface ManyImages {
  count: number
  /** Who annotated, and to whom images are assigned; nobody by default. */
  people?: readonly { id: string }[]
  seed?: number
}

/**
 * A project as it is after months: some images untouched, most with classes and phrases, a few with dozens
 * of boxes; statuses, splits, people, comments, and the history of all of it. Real files, thumbnails too.
 * Rows go into the tables as they are, 100,000 images with 1.6 million rows in about half a minute.
 */
export async function seedManyImages(
  studio: Studio,
  projectId: string,
  { count, people = [], seed = 1 }: ManyImages,
): Promise<void> {
  const prefix = newId('s')
  const write = await manyPictures(studio.paths, prefix)
  const random = seededRandom(seed)
  for (let from = 0; from < count; from += IMAGES_A_TURN) {
    const rows = new Rows()
    for (let number = from; number < Math.min(count, from + IMAGES_A_TURN); number += 1) {
      addImage(rows, { projectId, prefix, number, random, people, file: write(number) })
    }
    await rows.insert(studio.db)
  }
  await studio.db.label.createMany({
    data: CLASSES.map((name, position) => ({
      id: newId('lb'),
      projectId,
      name,
      colour: `#${((position * 0x2f4a7d + 0x3366cc) & 0xffffff).toString(16).padStart(6, '0')}`,
      position,
    })),
  })
}

interface Draft {
  projectId: string
  prefix: string
  number: number
  random: Random
  people: readonly { id: string }[]
  file: { sha256: string; bytes: number }
}

function addImage(rows: Rows, { projectId, prefix, number, random, people, file }: Draft): void {
  const id = `${prefix}i${number}`
  const status = statusOf(random.next())
  const share = random.next()
  const author = people.length > 0 ? random.pick(people).id : null
  const assignee = people.length > 0 && random.chance(0.3) ? random.pick(people).id : null
  const document = status === 'new' ? { expressions: [], boxes: [] } : annotations(id, random)
  const isAnnotated = document.expressions.length > 0
  rows.of('Image').push({
    id,
    projectId,
    ...file,
    fileName: `plant_${String(Math.floor(number / 1000)).padStart(3, '0')}/frame_${String(number).padStart(6, '0')}.png`,
    mediaType: 'image/png',
    ...PICTURE,
    baking: BAKING,
    origin: 'upload',
    split: share < 0.6 ? null : (Split.options[share < 0.9 ? 0 : share < 0.97 ? 1 : 2] ?? null),
    status,
    assigneeId: assignee,
    revision: isAnnotated ? 1 : 0,
    note: '',
    position: number + 1,
    createdAt: MADE,
  })
  for (const expression of document.expressions) rows.of('Expression').push({ ...expression, imageId: id })
  for (const { expressionIds, ...box } of document.boxes) {
    rows.of('Box').push({
      ...box,
      attributes: JSON.stringify(box.attributes),
      origin: JSON.stringify(box.origin),
      imageId: id,
    })
    for (const expressionId of expressionIds) rows.of('ExpressionBox').push({ expressionId, boxId: box.id })
  }
  if (isAnnotated) {
    rows.of('Revision').push({
      id: `${id}r`,
      imageId: id,
      number: 1,
      authorId: author,
      origin: 'editor',
      operationId: `${id}-first`,
      changes: JSON.stringify(creationOf(document)),
      createdAt: MADE,
    })
  }
  if (random.chance(0.01)) {
    rows.of('Comment').push({
      id: `${id}c`,
      imageId: id,
      authorId: author,
      kind: 'remark',
      text: 'Is this one in use?',
      createdAt: MADE,
      resolvedAt: random.chance(0.5) ? MADE : null,
    })
  }
}

const MADE = '2026-11-22T09:00:00.000+00:00'
const BAKING = JSON.stringify({
  format: 'png',
  orientation: false,
  colour: false,
  alpha: false,
  depth: false,
  container: false,
})

function statusOf(share: number): ImageStatus {
  if (share < 0.2) return 'new'
  if (share < 0.3) return 'in_work'
  if (share < 0.6) return 'done'
  return share < 0.95 ? 'accepted' : 'returned'
}

/** One to four expressions, the first classes most often; six boxes on average, seldom up to sixty. */
function annotations(imageId: string, random: Random): AnnotationDocument {
  const expressions = new Map<string, Expression>()
  const wanted = random.integer(1, 4)
  for (let position = 0; position < wanted; position += 1) {
    const isPhrase = random.chance(0.15)
    const text = isPhrase
      ? `the ${random.pick(COLOURS)} ${random.pick(THINGS)} number ${random.integer(1, 40)}`
      : (CLASSES[Math.floor(random.next() ** 2 * CLASSES.length)] ?? '')
    const id = `${imageId}e${position}` as ExpressionId
    expressions.set(text, { id, kind: isPhrase ? 'phrase' : 'class', text, position })
  }
  const list = [...expressions.values()]
  const boxes: Box[] = []
  const many = random.chance(0.02) ? 60 : 12
  for (let position = 0, last = random.integer(0, many); position < last; position += 1) {
    const [width, height] = [random.integer(20, 180), random.integer(20, 140)]
    boxes.push({
      id: `${imageId}b${position}` as BoxId,
      x: random.integer(0, PICTURE.width - width),
      y: random.integer(0, PICTURE.height - height),
      width,
      height,
      position,
      expressionIds: [random.pick(list).id],
      attributes: {},
      origin: { by: 'person' },
    })
  }
  return { expressions: list, boxes }
}

const TABLES = ['Image', 'Expression', 'Box', 'ExpressionBox', 'Revision', 'Comment'] as const
type Row = Record<string, string | number | null>

/** Rows that wait for their tables, in the order in which they refer to one another. */
class Rows {
  readonly #rows = new Map<string, Row[]>(TABLES.map((table) => [table, []]))

  of(table: (typeof TABLES)[number]): Row[] {
    return this.#rows.get(table) as Row[]
  }

  async insert(db: Database): Promise<void> {
    await db.$transaction(
      async (tx) => {
        for (const [table, rows] of this.#rows) {
          const columns = Object.keys(rows[0] ?? {})
          const names = columns.map((column) => `"${column}"`).join(', ')
          const values = columns.map((_, place) => `value->>${place}`).join(', ')
          for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
            const part = rows.slice(from, from + ROWS_A_STATEMENT)
            const json = JSON.stringify(part.map((row) => columns.map((column) => row[column])))
            await tx.$executeRawUnsafe(
              `INSERT INTO "${table}" (${names}) SELECT ${values} FROM json_each(?)`,
              json,
            )
          }
        }
      },
      { timeout: 60_000 },
    )
  }
}
