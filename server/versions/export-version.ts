import { createReadStream, type ReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { blobPath } from '../storage/blobs.ts'
import { storageError } from '../storage/storage-error.ts'
import type { Studio } from '../studio.ts'
import { datasetCard } from './dataset-card.ts'
import { readVersion } from './read-version.ts'
import { datasetName, writeAnnotations } from './write-annotations.ts'

/** rw-r--r-- of a plain file. */
const FILE_MODE = 0o100644

/**
 * A version as a zip that is made while it is read; only the annotation files are written beforehand,
 * because the meta files state their lengths. The same version gives the same bytes.
 * @throws StudioError NOT_FOUND, STORAGE
 */
export async function exportVersion(
  studio: Studio,
  versionId: string,
): Promise<{ fileName: string; stream: Readable }> {
  const version = await readVersion(studio.db, versionId)
  await mkdir(studio.paths.temporary, { recursive: true })
  const folder = await mkdtemp(path.join(studio.paths.temporary, 'export-'))
  const cleanUp = () => rm(folder, { recursive: true, force: true })
  try {
    const images = await writeAnnotations(studio.paths, version, folder, { absolute: null })
    const zip = new ZipFile()
    const stream = zip.outputStream as Readable
    // A picture that cannot be read must break the download; a shorter zip would look complete.
    zip.on('error', (error: Error) => stream.destroy(error))
    let reading: ReadStream | undefined
    stream.once('close', () => {
      // A reader who left half-way must not leave a file open.
      reading?.destroy()
      void cleanUp()
    })
    const name = datasetName(version)
    const options = { mtime: version.createdAt, mode: FILE_MODE }
    zip.addBuffer(Buffer.from(datasetCard(version)), `${name}/README.txt`, options)
    for (const file of (await readdir(folder)).sort()) {
      zip.addFile(path.join(folder, file), `${name}/${file}`, options)
    }
    for (const image of images) {
      // Stored, not deflated: pictures are compressed already.
      zip.addReadStreamLazy(`${name}/${image.path}`, { ...options, compress: false }, (give) => {
        const picture = createReadStream(blobPath(studio.paths, image.sha256))
        picture.once('error', (error) => stream.destroy(error))
        reading = picture
        give(null, picture)
      })
    }
    zip.end()
    return { fileName: `${name}.zip`, stream }
  } catch (error) {
    await cleanUp()
    throw storageError(error) ?? error
  }
}
