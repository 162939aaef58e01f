import type { z } from 'zod'
import type { ReadVersionRecord } from '../contracts/version.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { imageNames } from './image-names.ts'
import { readVersion, versionRecords } from './read-version.ts'
import { renderRecord } from './render-record.ts'

/** The n-th record of a version: the frozen annotations, and the line that export writes for it. */
export async function versionRecord(studio: Studio, { versionId, index }: z.infer<typeof ReadVersionRecord>) {
  const version = await readVersion(studio.db, versionId)
  const nameOf = imageNames()
  let at = 0
  for await (const frozen of versionRecords(studio.paths, version.contentSha256)) {
    if (at === index) {
      return { frozen, ...renderRecord(frozen, at, version.options.conversation, nameOf) }
    }
    // A name depends on the names that were given before it.
    for (const image of frozen.kind === 'image' ? [frozen] : frozen.images) nameOf(image)
    at += 1
  }
  throw new StudioError('NOT_FOUND', {
    message: `This version has ${at} records; there is no number ${index + 1}.`,
  })
}
