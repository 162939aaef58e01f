import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { artefactFile, artefactZip } from './artefact-response.ts'
import type { OpenArtefact } from './open-artefact.ts'

let folder: string
let artefact: OpenArtefact
const WEIGHTS = Buffer.from('0123456789')

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refbox-artefact-'))
  await mkdir(path.join(folder, 'onnx'))
  await writeFile(path.join(folder, 'onnx/model.onnx'), WEIGHTS)
  await writeFile(path.join(folder, 'not-listed.txt'), 'secret')
  const sha256 = createHash('sha256').update(WEIGHTS).digest('hex')
  const files = [{ file: 'onnx/model.onnx', bytes: WEIGHTS.byteLength, sha256 }]
  artefact = { folder, files, manifest: JSON.stringify({ files }), name: 'run-1-browser' }
})
afterEach(() => rm(folder, { recursive: true }))

const request = (headers: Record<string, string> = {}) => new Request('http://studio/x', { headers })

describe('one file of an artefact', () => {
  it('comes with its hash as etag, and in pieces when asked for', async () => {
    const whole = await artefactFile(request(), artefact, 'onnx/model.onnx')
    expect(whole.headers.get('etag')).toBe(`"${artefact.files[0]?.sha256}"`)
    expect(await whole.text()).toBe('0123456789')
    const piece = await artefactFile(request({ range: 'bytes=4-' }), artefact, 'onnx/model.onnx')
    expect(piece.status).toBe(206)
    expect(piece.headers.get('content-range')).toBe('bytes 4-9/10')
    expect(await piece.text()).toBe('456789')
  })

  it.each(['not-listed.txt', '../secret', '/etc/passwd', 'onnx', 'onnx/../not-listed.txt'])(
    'is refused when the manifest does not name it: %s',
    async (file) => {
      await expect(artefactFile(request(), artefact, file)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  it('may be the manifest, which is not on the disk', async () => {
    const response = await artefactFile(request(), artefact, 'manifest.json')
    expect(await response.json()).toEqual({ files: artefact.files })
  })
})

describe('all files as a zip', () => {
  it('holds every file of the manifest and the manifest, uncompressed', async () => {
    const response = artefactZip(request(), artefact)
    const entries = await unzip(Buffer.from(await response.arrayBuffer()))
    expect(entries).toEqual({
      'run-1-browser/onnx/model.onnx': '0123456789',
      'run-1-browser/manifest.json': artefact.manifest,
    })
  })

  it('breaks off when a file has gone, rather than hanging or lying', async () => {
    await rm(path.join(folder, 'onnx/model.onnx'))
    await expect(artefactZip(request(), artefact).arrayBuffer()).rejects.toThrow()
  })
})

async function unzip(bytes: Buffer): Promise<Record<string, string>> {
  const open = promisify<Buffer, object, ZipFile>(fromBuffer as never)
  const zip = await open(bytes, { lazyEntries: true })
  const contents: Record<string, string> = {}
  return new Promise((resolve, reject) => {
    zip.on('end', () => resolve(contents)).on('error', reject)
    zip.on('entry', (entry: Entry) => {
      expect(entry.compressionMethod).toBe(0)
      zip.openReadStream(entry, async (error, stream) => {
        if (error) return reject(error)
        contents[entry.fileName] = Buffer.concat(await stream.toArray()).toString('utf8')
        zip.readEntry()
      })
    })
    zip.readEntry()
  })
}
