import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { type IngestResult, MAX_IMAGE_BYTES, MAX_ZIP_ENTRIES } from '../contracts/image.ts'
import { isStudioError } from '../errors.ts'
import { spool } from '../storage/blobs.ts'
import { peek } from '../storage/peek.ts'
import type { Studio } from '../studio.ts'
import { safeFileName, uniqueNames } from './file-name.ts'
import { IngestRefused } from './ingest-refused.ts'
import { type PreparedImage, prepareImage } from './prepare-image.ts'
import { recordImage } from './record-image.ts'
import { type Refused, refusal } from './refusal.ts'
import { SNIFF_BYTES, sniffFormat } from './sniff-format.ts'
import { entryName, isFolder, refuseEntry } from './zip-entry.ts'

/** Entries that are unpacked and baked while the one before them is still at it. */
const AHEAD = 2
/** Deflate cannot do better than 1032:1; an archive that claims more uses its bytes several times over. */
const IMPOSSIBLE_RATIO = 1100

type Staged = Refused | { outcome: 'prepared'; file: string; image: PreparedImage }

/**
 * Unpacks an archive and takes its pictures one by one, in its order. Every entry that is a file gets a
 * result, so nothing is lost without a word; one bad entry does not stop the others.
 * @param zip a file in the temporary folder; it stays the caller's
 */
export async function* ingestZip(
  studio: Studio,
  projectId: string,
  zip: { file: string; bytes: number; name: string },
): AsyncGenerator<IngestResult> {
  const archive = await openArchive(zip.file)
  if (archive instanceof IngestRefused) {
    yield refusal(zip.name, archive)
    return
  }
  const staging = new Staging(studio, archive, zip.bytes)
  const pending: Promise<Staged>[] = []
  const settle = async (): Promise<IngestResult> => {
    const staged = await (pending.shift() as Promise<Staged>)
    if (staged.outcome === 'refused') return staged
    const { file, image } = staged
    return recordImage(studio.db, projectId, image, { fileName: file, origin: 'zip' }).catch((error) =>
      staging.explain(file, error),
    )
  }
  try {
    for await (const entry of archive.eachEntry()) {
      const staged = staging.stage(entry)
      if (staged) pending.push(staged)
      if (pending.length > AHEAD) yield await settle()
    }
    while (pending.length > 0) yield await settle()
    if (!staging.hasFiles) yield refusal(zip.name, new IngestRefused('empty'))
  } catch (error) {
    while (pending.length > 0) yield await settle()
    yield refusal(zip.name, zipError(error))
  } finally {
    // When the page is closed meanwhile, what has begun ends before the archive does.
    await Promise.all(pending)
    archive.close()
  }
}

async function openArchive(file: string): Promise<ZipFile | IngestRefused> {
  try {
    // Names are decoded and checked by us: the library would give up on the whole archive.
    const archive = await openPromise(file, { decodeStrings: false, autoClose: false })
    if (archive.entryCount <= MAX_ZIP_ENTRIES) return archive
    archive.close()
    return new IngestRefused('tooManyEntries', `${archive.entryCount} > ${MAX_ZIP_ENTRIES}`)
  } catch (error) {
    return zipError(error)
  }
}

/** One archive's way into the store, up to the rows. No promise of it ever rejects. */
class Staging {
  readonly #studio: Studio
  readonly #archive: ZipFile
  readonly #bytes: number
  readonly #unique = uniqueNames()
  #unpacked = 0
  hasFiles = false
  /** A disk that is full stays full: the rest is told so at once. */
  #broken: IngestRefused | undefined

  constructor(studio: Studio, archive: ZipFile, bytes: number) {
    this.#studio = studio
    this.#archive = archive
    this.#bytes = bytes
  }

  /** @returns null for folders */
  stage(entry: Entry): Promise<Staged> | null {
    const name = entryName(entry)
    if (isFolder(entry, name)) return null
    this.hasFiles = true
    const safe = safeFileName(name)
    if (safe === null) return Promise.resolve(refusal(name, new IngestRefused('unsafePath')))
    const file = this.#unique(safe)
    this.#unpacked += entry.uncompressedSize
    if (this.#unpacked > this.#bytes * IMPOSSIBLE_RATIO) this.#broken ??= new IngestRefused('zipBomb')
    const refused = refuseEntry(entry)
    if (refused) return Promise.resolve(refusal(file, new IngestRefused(refused.reason, refused.detail)))
    return this.#unpack(entry, file).catch((error) => this.explain(file, error))
  }

  /** What to tell about an entry that failed. */
  explain(file: string, error: unknown): Refused {
    if (error instanceof IngestRefused) return refusal(file, error)
    if (isStudioError(error) && error.code === 'STORAGE') {
      console.error(error)
      this.#broken = new IngestRefused('storage', error.userMessage)
      return refusal(file, this.#broken)
    }
    return refusal(file, zipError(error))
  }

  async #unpack(entry: Entry, file: string): Promise<Staged> {
    if (this.#broken) throw this.#broken
    const stream = await this.#archive.openReadStreamPromise(entry)
    try {
      const { head, whole } = await peek(stream, SNIFF_BYTES)
      const format = sniffFormat(head)
      if (!format || format === 'zip') throw new IngestRefused('notAnImage')
      const { paths } = this.#studio
      const image = await prepareImage(paths, await spool(paths, whole, MAX_IMAGE_BYTES), format)
      return { outcome: 'prepared', file, image }
    } finally {
      stream.destroy()
    }
  }
}

function zipError(error: unknown): IngestRefused {
  if (error instanceof IngestRefused) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/too many bytes/i.test(message)) return new IngestRefused('zipBomb', 'an entry is larger than it says')
  if (/encryption/i.test(message)) return new IngestRefused('encrypted')
  if (/unexpected end|end of central directory|not enough|EOF/i.test(message))
    return new IngestRefused('truncated')
  return new IngestRefused('damaged', message.slice(0, 200))
}
