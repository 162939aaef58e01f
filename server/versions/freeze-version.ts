import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { type FreezeVersion, VersionOptions, type VersionRecord } from '../contracts/version.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { adopt, spool } from '../storage/blobs.ts'
import type { Studio } from '../studio.ts'
import { readRecords } from './read-records.ts'
import { renderRecord } from './render-record.ts'
import { negativesOf, selectForVersion } from './selection.ts'
import { countStats } from './stats.ts'

/** Characters of content handed to the disk at once. */
const PIECE = 1 << 18

export interface FrozenVersion {
  id: string
  number: number
  hash: string
  /** False when an equal version was there already and is given back instead. */
  isNew: boolean
}

/**
 * Freezes the project's annotations as they are now. The content goes to the blob store as canonical JSON
 * lines; its hash and that of the options are the version's identity, so the same freeze twice is one version.
 * @throws StudioError WRONG_STATE when there is nothing to train on, or a box cannot be written
 */
export async function freezeVersion(
  studio: Studio,
  userId: string,
  { projectId, name, options: asked }: z.infer<typeof FreezeVersion>,
): Promise<FrozenVersion> {
  // Keys in the order of the contract: the options are hashed as text.
  const options = VersionOptions.parse(asked)
  const selection = await selectForVersion(studio.db, projectId, options)
  if (selection.images.length + selection.conversations.length === 0) throw nothingUsable(options)
  const skipped = options.conversation.negatives
    ? 0
    : await studio.db.expression.count({ where: negativesOf(projectId, options) })
  const stats = countStats(selection.leftOut, skipped)
  const records = readRecords(studio.db, selection, options)
  const pieces = contentPieces(records, options, stats.add)
  const blob = await spool(studio.paths, pieces, Number.MAX_SAFE_INTEGER)
  await adopt(studio.paths, blob.file, blob.sha256)
  const counted = stats.finish()
  if (counted.images.train === 0 && counted.conversations === 0) {
    throw new StudioError('WRONG_STATE', {
      message: 'No image is left to train on: all of them are held out. Lower the share for validation.',
    })
  }
  const hash = createHash('sha256')
    .update(JSON.stringify({ options, content: blob.sha256 }))
    .digest('hex')
  return write(studio.db, async (tx) => {
    const same = await tx.datasetVersion.findFirst({
      where: { projectId, hash },
      select: { id: true, number: true, hash: true },
    })
    if (same) return { ...same, isNew: false }
    const last = await tx.datasetVersion.findFirst({
      where: { projectId },
      orderBy: { number: 'desc' },
      select: { number: true },
    })
    const version = await tx.datasetVersion.create({
      data: {
        id: newId('v'),
        projectId,
        number: (last?.number ?? 0) + 1,
        name,
        hash,
        contentSha256: blob.sha256,
        options,
        stats: counted,
        createdBy: userId,
      },
      select: { id: true, number: true, hash: true },
    })
    return { ...version, isNew: true }
  })
}

/** JSON lines in pieces, counted and tried out on the way: what cannot be exported must not be frozen. */
async function* contentPieces(
  records: AsyncIterable<VersionRecord>,
  options: VersionOptions,
  count: (record: VersionRecord) => void,
): AsyncGenerator<Buffer> {
  let lines: string[] = []
  let length = 0
  for await (const record of records) {
    requireWritable(record, options)
    count(record)
    const line = `${JSON.stringify(record)}\n`
    lines.push(line)
    length += line.length
    if (length < PIECE) continue
    yield Buffer.from(lines.join(''))
    lines = []
    length = 0
  }
  yield Buffer.from(lines.join(''))
}

function requireWritable(record: VersionRecord, options: VersionOptions): void {
  if (record.kind !== 'image') return
  const { problems } = renderRecord(record, 0, options.conversation, () => '')
  const problem = problems.find(({ kind }) => kind === 'box')
  if (problem?.kind !== 'box') return
  const text = record.expressions[problem.expression]?.text ?? ''
  throw new StudioError('WRONG_STATE', {
    message: `A box of “${text}” on ${record.fileName} is too small to be written as 0..1000, or lies outside the image (${problem.problem.code}). Make it larger or delete it, then freeze again.`,
    details: { imageId: record.imageId, expression: text, box: problem.box, problem: problem.problem },
  })
}

function nothingUsable({ include, conversation }: VersionOptions): StudioError {
  const what = conversation.negatives ? 'a box or a stated negative' : 'a box'
  return new StudioError('WRONG_STATE', {
    message:
      include === 'finished'
        ? `No image that is marked done has ${what}. Mark some images done, or take all annotated ones.`
        : `No image has ${what} yet. Annotate some images first.`,
  })
}
