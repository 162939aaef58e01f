import { setImmediate } from 'node:timers/promises'
import { ExpressionKind } from '../contracts/annotation.ts'
import type { Database } from '../db/client.ts'
import { processWide } from '../process-wide.ts'

export interface Tally {
  kind: ExpressionKind
  text: string
  images: number
  boxes: number
}

/** Images whose expressions are counted together: at most some 20 ms in which nobody else is answered. */
const BLOCK = 1024
/** Projects whose counts are kept, the latest asked for. */
const KEPT = 16

interface Block {
  /** Changes with every change of what the block counts. */
  state: string
  tallies: Tally[]
}

const kept = processWide('expression-tally', () => new Map<string, Map<number, Block>>())

/**
 * How often each class and phrase of a project is on its images. Counting all of a big project takes a second or
 * two, so it is counted by blocks of neighbours, once: afterwards only blocks in which something has changed. No
 * change of annotations leaves an image's revision as it was, and no position is ever given to a second image.
 */
export async function tallyExpressions(db: Database, projectId: string): Promise<Tally[]> {
  const known = kept.get(projectId) ?? new Map<number, Block>()
  const blocks = new Map<number, Block>()
  // Kept while it is filled: who asks meanwhile finds what is counted already.
  keep(projectId, blocks)
  for (const { block, state } of await readStates(db, projectId)) {
    const before = known.get(block) ?? blocks.get(block)
    if (before?.state === state) blocks.set(block, before)
    else {
      blocks.set(block, { state, tallies: await tallyBlock(db, projectId, block) })
      await setImmediate()
    }
  }
  return sum([...blocks.values()].flatMap(({ tallies }) => tallies))
}

/** Block by block, because one statement that groups the images would sort all of them first. */
async function readStates(db: Database, projectId: string): Promise<{ block: number; state: string }[]> {
  const last = await db.image.aggregate({ where: { projectId }, _max: { position: true } })
  const count = Math.floor((last._max.position ?? -1) / BLOCK) + 1
  const numbers = JSON.stringify(Array.from({ length: count }, (_, block) => block))
  const rows = await db.$queryRaw<{ block: number | bigint; state: string | null }[]>`
    SELECT block."value" AS block, (
      SELECT count(*) || ' ' || sum(i."position") || ' ' || sum(i."revision")
      FROM "Image" i WHERE i."projectId" = ${projectId}
        AND i."position" BETWEEN block."value" * ${BLOCK} AND block."value" * ${BLOCK} + ${BLOCK - 1}
    ) AS state FROM json_each(${numbers}) AS block`
  return rows.flatMap(({ block, state }) => (state === null ? [] : [{ block: Number(block), state }]))
}

async function tallyBlock(db: Database, projectId: string, block: number): Promise<Tally[]> {
  const rows = await db.$queryRaw<
    { kind: string; text: string; images: number | bigint; boxes: number | bigint }[]
  >`
    SELECT e."kind", e."text", count(DISTINCT e."imageId") AS images, count(a."boxId") AS boxes
    FROM "Image" i
    JOIN "Expression" e ON e."imageId" = i."id"
    LEFT JOIN "ExpressionBox" a ON a."expressionId" = e."id"
    WHERE i."projectId" = ${projectId} AND i."position" BETWEEN ${block * BLOCK} AND ${(block + 1) * BLOCK - 1}
    GROUP BY e."kind", e."text"`
  return rows.map(({ kind, text, images, boxes }) => ({
    kind: ExpressionKind.parse(kind),
    text,
    images: Number(images),
    boxes: Number(boxes),
  }))
}

/** Most boxes first. */
function sum(tallies: readonly Tally[]): Tally[] {
  const sums = new Map<string, Tally>()
  for (const tally of tallies) {
    const key = `${tally.kind} ${tally.text}`
    const before = sums.get(key)
    if (before) {
      before.images += tally.images
      before.boxes += tally.boxes
    } else sums.set(key, { ...tally })
  }
  return [...sums.values()].sort((a, b) => b.boxes - a.boxes || (a.text < b.text ? -1 : 1))
}

function keep(projectId: string, blocks: Map<number, Block>): void {
  kept.delete(projectId)
  kept.set(projectId, blocks)
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break
    kept.delete(oldest)
  }
}
