import { existsSync } from 'node:fs'
import { VersionOptions, VersionRecord, VersionStats } from '../contracts/version.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { readLines } from '../formats/read-lines.ts'
import { blobPath } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'

const FIELDS = {
  id: true,
  projectId: true,
  number: true,
  name: true,
  hash: true,
  contentSha256: true,
  options: true,
  stats: true,
  createdBy: true,
  createdAt: true,
  project: { select: { name: true } },
} as const

export type Version = Awaited<ReturnType<typeof readVersion>>

/** One version with its JSON columns checked. */
export async function readVersion(db: Database, versionId: string) {
  const row = await db.datasetVersion.findUnique({ where: { id: versionId }, select: FIELDS })
  if (!row) throw new StudioError('NOT_FOUND', { message: 'There is no such dataset version.' })
  return checked(row)
}

/** Newest first. */
export async function listVersions(db: Database, projectId: string) {
  const rows = await db.datasetVersion.findMany({
    where: { projectId },
    orderBy: { number: 'desc' },
    select: { ...FIELDS, _count: { select: { runs: true } } },
  })
  const people = await db.user.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.createdBy))] } },
    select: { id: true, name: true },
  })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return rows.map((row) => {
    const { contentSha256: _, project: __, _count, ...version } = checked(row)
    return { ...version, runs: row._count.runs, createdByName: names.get(row.createdBy) ?? null }
  })
}

function checked<T extends { options: unknown; stats: unknown }>(row: T) {
  return { ...row, options: VersionOptions.parse(row.options), stats: VersionStats.parse(row.stats) }
}

/**
 * The frozen records, one by one; a version of any size fits in memory this way.
 * @throws StudioError NOT_FOUND when the data folder has lost the content
 */
export async function* versionRecords(
  paths: DataPaths,
  contentSha256: string,
): AsyncGenerator<VersionRecord> {
  const content = blobPath(paths, contentSha256)
  if (!existsSync(content)) {
    throw new StudioError('NOT_FOUND', {
      message:
        'The data folder has lost the content of this version. Restore it from a backup, or freeze anew.',
    })
  }
  for await (const lines of readLines(content)) {
    for (const { text } of lines) yield VersionRecord.parse(JSON.parse(text))
  }
}
