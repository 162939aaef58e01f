import { rm } from 'node:fs/promises'
import { type IngestResult, MAX_IMAGE_BYTES, MAX_ZIP_BYTES } from '../contracts/image.ts'
import { isStudioError } from '../errors.ts'
import { spool } from '../storage/blobs.ts'
import { peek } from '../storage/peek.ts'
import type { Studio } from '../studio.ts'
import { fileNameOf } from './file-name.ts'
import { IngestRefused } from './ingest-refused.ts'
import { ingestZip } from './ingest-zip.ts'
import { prepareImage } from './prepare-image.ts'
import { recordImage } from './record-image.ts'
import { refusal } from './refusal.ts'
import { SNIFF_BYTES, type SniffedFormat, sniffFormat } from './sniff-format.ts'

/**
 * Takes one file as it arrives: an image, or a zip of images. Large ones go to disk piece by piece.
 * @yields one result for an image; for a zip one for each entry that is a file
 * @throws StudioError STORAGE before the first result; later it is a result of its own
 */
export async function* receiveUpload(
  studio: Studio,
  projectId: string,
  name: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<IngestResult> {
  const file = fileNameOf(name)
  const { head, whole } = await peek(body, SNIFF_BYTES)
  const format = sniffFormat(head)
  try {
    if (!format || (format === 'zip' && !/\.zip$/i.test(file))) {
      await drain(whole)
      throw head.length === 0
        ? new IngestRefused('empty')
        : new IngestRefused('notAnImage', format ?? undefined)
    }
    const upload = await spoolWithin(studio, whole, format)
    if (format === 'zip') {
      try {
        yield* ingestZip(studio, projectId, { ...upload, name: file })
      } finally {
        await rm(upload.file, { force: true })
      }
      return
    }
    const image = await prepareImage(studio.paths, upload, format)
    yield await recordImage(studio.db, projectId, image, { fileName: file, origin: 'upload' })
  } catch (error) {
    if (!(error instanceof IngestRefused)) throw error
    yield refusal(file, error)
  }
}

async function spoolWithin({ paths }: Studio, whole: AsyncIterable<Uint8Array>, format: SniffedFormat) {
  try {
    return await spool(paths, whole, format === 'zip' ? MAX_ZIP_BYTES : MAX_IMAGE_BYTES)
  } catch (error) {
    if (isStudioError(error) && error.code === 'TOO_LARGE') throw new IngestRefused('tooManyBytes')
    throw error
  }
}

/** Reads to the end and forgets: a browser that is still sending would take an early answer for a lost connection. */
async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}
