import { ZipFile } from 'yazl'

export interface ZipEntry {
  name: string
  bytes: Buffer
  /** Unix mode with the file type, e.g. 0o120777 for a link. */
  mode?: number
  isStored?: boolean
}

/** An archive as ordinary tools make them. */
export async function zipOf(entries: readonly ZipEntry[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, bytes, mode, isStored } of entries) {
    zip.addBuffer(bytes, name, { ...(mode ? { mode } : {}), compress: !isStored, mtime: new Date(0) })
  }
  zip.end()
  const parts: Buffer[] = []
  for await (const part of zip.outputStream) parts.push(Buffer.from(part as Buffer))
  return Buffer.concat(parts)
}

const CENTRAL = Buffer.from('PK\x01\x02', 'latin1')

/** What no ordinary tool writes: changes fields of one entry of the central directory. */
export function tamper(
  zip: Buffer,
  name: string,
  change: { name?: string | Buffer; flags?: number; uncompressedSize?: number },
): Buffer {
  const bytes = Buffer.from(zip)
  for (let at = bytes.indexOf(CENTRAL); at !== -1; at = bytes.indexOf(CENTRAL, at + 4)) {
    const start = at + 46
    if (bytes.toString('utf8', start, start + bytes.readUInt16LE(at + 28)) !== name) continue
    if (change.flags !== undefined) bytes.writeUInt16LE(change.flags, at + 8)
    if (change.uncompressedSize !== undefined) bytes.writeUInt32LE(change.uncompressedSize, at + 24)
    if (change.name !== undefined) {
      const renamed = Buffer.from(change.name)
      if (renamed.length !== bytes.readUInt16LE(at + 28))
        throw new Error('The new name must be as long as the old one.')
      renamed.copy(bytes, start)
    }
    return bytes
  }
  throw new Error(`The archive has no entry ${name}.`)
}
