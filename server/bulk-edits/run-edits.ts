import { setTimeout as pause } from 'node:timers/promises'
import { readDocuments } from '../annotations/records.ts'
import { BulkEditPayload, BulkEditResult, MOST_LEFT_NAMED } from '../contracts/bulk-edit.ts'
import type { Database, Transaction } from '../db/client.ts'
import { write } from '../db/transaction.ts'
import { isStudioError } from '../errors.ts'
import { livingWorkers } from '../jobs/heartbeat.ts'
import { type EditOfImages, editImage, originOf } from './edit-image.ts'
import { touchedImages } from './touched-images.ts'

/** Images looked up at once, without holding anybody up. */
const LOOKED_UP = 400
/** Images whose annotations are read together inside a transaction. */
const READ_TOGETHER = 20
/** A transaction that has held the write lock this long ends, so that somebody who draws hardly notices. */
const HOLD_MS = 60
/** Others write in between; SQLite wakes a waiting writer only after a while of its own. */
const REST_MS = 40

/**
 * Does every edit that waits, oldest first, until none is left or `signal` says so. What a dead worker had begun goes
 * on where its last transaction ended.
 */
export async function runBulkEdits(db: Database, workerId: string, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const edit = await claimEdit(db, workerId)
    if (!edit) return
    try {
      while (!signal?.aborted && (await nextImages(db, workerId, edit))) await pause(REST_MS)
    } catch (error) {
      if (!isStudioError(error)) console.error(`The change ${edit.id} of a project has failed:`, error)
      await db.bulkEdit.updateMany({
        where: { id: edit.id, claimedBy: workerId },
        data: {
          status: 'failed',
          claimedBy: null,
          endedAt: new Date(),
          reason: error instanceof Error ? error.message : String(error),
        },
      })
    }
    // Handed back, not failed: the next worker goes on with it.
    if (signal?.aborted) {
      await db.bulkEdit.updateMany({
        where: { id: edit.id, claimedBy: workerId },
        data: { claimedBy: null },
      })
    }
  }
}

async function claimEdit(db: Database, workerId: string): Promise<EditOfImages | null> {
  const open = { status: { in: ['queued', 'running'] } }
  // Most looks find nothing; they should not take the write lock for it.
  if ((await db.bulkEdit.count({ where: open })) === 0) return null
  const living = await livingWorkers(db)
  return write(db, async (tx) => {
    const rows = await tx.bulkEdit.findMany({
      where: open,
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      include: { undoes: { select: { payload: true } } },
    })
    const busy = new Set<string>()
    for (const row of rows) {
      const isTaken = row.claimedBy !== null && row.claimedBy !== workerId && living.has(row.claimedBy)
      if (!isTaken && !busy.has(row.projectId)) {
        await tx.bulkEdit.update({
          where: { id: row.id },
          data: { status: 'running', claimedBy: workerId },
        })
        const payload = BulkEditPayload.parse(row.payload)
        const cause = payload.kind === 'undo' ? BulkEditPayload.parse(row.undoes?.payload) : payload
        const { id, projectId, authorId, undoesId } = row
        return {
          ...{ id, projectId, authorId, undoesId, payload },
          origin: cause.kind === 'undo' ? 'replace' : originOf(cause.kind),
        }
      }
      // Edits of one project are done one after the other: the later ones were asked for knowing the earlier.
      busy.add(row.projectId)
    }
    return null
  })
}

/** Some images more. @returns whether there may be others */
async function nextImages(db: Database, workerId: string, edit: EditOfImages): Promise<boolean> {
  const row = await db.bulkEdit.findFirst({
    where: { id: edit.id, status: 'running', claimedBy: workerId },
    select: { cursor: true },
  })
  if (!row) return false
  const ids = await db.$queryRaw<{ id: string; position: number | bigint; fileName: string }[]>`
    SELECT i."id", i."position", i."fileName" FROM "Image" i
    WHERE ${touchedImages(edit)} AND i."position" > ${row.cursor ?? -1}
    ORDER BY i."position" LIMIT ${LOOKED_UP}`
  if (ids.length === 0) {
    await db.bulkEdit.updateMany({
      where: { id: edit.id, status: 'running', claimedBy: workerId },
      data: { status: 'finished', claimedBy: null, endedAt: new Date() },
    })
    return false
  }
  const images = ids.map(({ id, position, fileName }) => ({ id, position: Number(position), fileName }))
  for (let at = 0; at < images.length; ) {
    const looked = await write(db, (tx) => someImages(tx, workerId, edit, images.slice(at)))
    if (looked === 0) return false
    at += looked
    if (at < images.length) await pause(REST_MS)
  }
  return true
}

interface ImageAt {
  id: string
  position: number
  fileName: string
}

/** As many images as fit in the time. @returns how many; 0 = somebody has ended the edit */
async function someImages(
  tx: Transaction,
  workerId: string,
  edit: EditOfImages,
  images: readonly ImageAt[],
): Promise<number> {
  const row = await tx.bulkEdit.findFirst({
    where: { id: edit.id, status: 'running', claimedBy: workerId },
    select: { result: true },
  })
  if (!row) return 0
  const result = BulkEditResult.parse(row.result)
  const until = performance.now() + HOLD_MS
  let looked = 0
  while (looked < images.length && (looked === 0 || performance.now() < until)) {
    const some = images.slice(looked, looked + READ_TOGETHER)
    const documents = await readDocuments(
      tx,
      some.map(({ id }) => id),
    )
    for (const image of some) {
      const document = documents.get(image.id)
      if (document) count(result, image, await editImage(tx, edit, image.id, document))
      looked += 1
      if (performance.now() >= until) break
    }
  }
  await tx.bulkEdit.update({
    where: { id: edit.id },
    data: { cursor: images[looked - 1]?.position ?? null, done: { increment: looked }, result },
  })
  return looked
}

function count(result: BulkEditResult, image: ImageAt, plan: Awaited<ReturnType<typeof editImage>>): void {
  if (plan === null) {
    result.left += 1
    if (result.leftNamed.length < MOST_LEFT_NAMED) {
      result.leftNamed.push({ imageId: image.id, fileName: image.fileName })
    }
    return
  }
  if (plan.changes.length === 0) return
  result.images += 1
  result.boxes += plan.changes.filter(({ type }) => type === 'box').length
  result.expressions += plan.changes.filter(({ type }) => type === 'expression').length
  result.merged += plan.merged.length
  result.collapsed += plan.collapsed
}
