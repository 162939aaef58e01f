import { type Entry, getFileNameLowLevel } from 'yauzl'
import { type IngestRefusal, MAX_IMAGE_BYTES } from '../contracts/image.ts'

const UTF8_FLAG = 0x800
/** Info-ZIP's extra field with the name in UTF-8. */
const UNICODE_PATH = 0x7075
const FILE_TYPE_MASK = 0xf000
const REGULAR_FILE = 0x8000
const FOLDER = 0x4000

/** Picture data hardly shrinks; only a drawing with large even areas does, and those are not this large. */
const BOMB_RATIO = 200
const BOMB_BYTES = 100 * 1024 * 1024

/**
 * The name of an entry. Archives say only whether it is UTF-8; those that say nothing come from Windows, and
 * a Chinese Windows writes GBK. Code page 437 is what the format itself prescribes.
 */
export function entryName(entry: Entry): string {
  const { generalPurposeBitFlag: flags, fileNameRaw: raw, extraFields } = entry
  const isDeclared = (flags & UTF8_FLAG) !== 0 || extraFields.some(({ id }) => id === UNICODE_PATH)
  if (!isDeclared) {
    for (const encoding of ['utf-8', 'gb18030']) {
      const text = decodeStrictly(raw, encoding)
      if (text !== null) return text
    }
  }
  return getFileNameLowLevel(flags, raw, extraFields, true)
}

/** Folders are no results of their own: the entries inside them name them. */
export function isFolder(entry: Entry, name: string): boolean {
  return /[\\/]$/.test(name) || fileType(entry) === FOLDER
}

/** Why an entry must not be unpacked, told from its header alone. @returns null when it may */
export function refuseEntry(entry: Entry): { reason: IngestRefusal; detail?: string } | null {
  const type = fileType(entry)
  if (type !== 0 && type !== REGULAR_FILE) return { reason: 'link' }
  if (entry.isEncrypted()) return { reason: 'encrypted' }
  if (!entry.canDecodeFileData()) {
    return { reason: 'damaged', detail: `compression method ${entry.compressionMethod}` }
  }
  if (entry.uncompressedSize === 0) return { reason: 'empty' }
  if (entry.uncompressedSize > MAX_IMAGE_BYTES) return { reason: 'tooManyBytes' }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize)
  if (entry.uncompressedSize > BOMB_BYTES && ratio > BOMB_RATIO) return { reason: 'zipBomb' }
  return null
}

/** The Unix mode in the upper half of the attributes; 0 when the archive was not made on Unix. */
function fileType(entry: Entry): number {
  return (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK
}

function decodeStrictly(raw: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(raw)
  } catch {
    return null
  }
}
