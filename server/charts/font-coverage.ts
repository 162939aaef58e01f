import { inflateSync } from 'node:zlib'

/**
 * The code points that a TrueType or WOFF 1.0 file has glyphs for, from its `cmap` table (OpenType 1.9,
 * formats 4 and 12). The canvas falls back to whatever fonts the machine has, silently; a chart would
 * then look different on the next machine.
 */
export function coveredCodePoints(file: Buffer): Set<number> {
  const cmap = tableOf(file, 'cmap')
  const covered = new Set<number>()
  for (let at = 0; at < cmap.readUInt16BE(2); at += 1) {
    const subtable = cmap.subarray(cmap.readUInt32BE(4 + 8 * at + 4))
    const format = subtable.readUInt16BE(0)
    if (format === 4) readSegments(subtable, covered)
    else if (format === 12) readGroups(subtable, covered)
  }
  return covered
}

function tableOf(file: Buffer, name: string): Buffer {
  const isWoff = file.toString('latin1', 0, 4) === 'wOFF'
  const count = file.readUInt16BE(isWoff ? 12 : 4)
  for (let at = 0; at < count; at += 1) {
    const entry = isWoff ? 44 + 20 * at : 12 + 16 * at
    if (file.toString('latin1', entry, entry + 4) !== name) continue
    if (!isWoff) {
      const offset = file.readUInt32BE(entry + 8)
      return file.subarray(offset, offset + file.readUInt32BE(entry + 12))
    }
    const offset = file.readUInt32BE(entry + 4)
    const length = file.readUInt32BE(entry + 8)
    const stored = file.subarray(offset, offset + length)
    // A table that would not shrink is stored as it is.
    return length < file.readUInt32BE(entry + 12) ? inflateSync(stored) : stored
  }
  throw new Error(`The font has no ${name} table.`)
}

/** Format 4: segments of the basic plane; a glyph of 0 is "missing". */
function readSegments(table: Buffer, covered: Set<number>): void {
  const bytes = table.readUInt16BE(6)
  for (let at = 0; at < bytes; at += 2) {
    const end = table.readUInt16BE(14 + at)
    const start = table.readUInt16BE(16 + bytes + at)
    const delta = table.readUInt16BE(16 + 2 * bytes + at)
    const rangeAt = 16 + 3 * bytes + at
    const range = table.readUInt16BE(rangeAt)
    for (let code = start; code <= end && code !== 0xffff; code += 1) {
      const stored = range === 0 ? code : table.readUInt16BE(rangeAt + range + 2 * (code - start))
      if (stored !== 0 && ((stored + delta) & 0xffff) !== 0) covered.add(code)
    }
  }
}

/** Format 12: groups of any plane. */
function readGroups(table: Buffer, covered: Set<number>): void {
  for (let at = 0; at < table.readUInt32BE(12); at += 1) {
    const last = table.readUInt32BE(20 + 12 * at)
    for (let code = table.readUInt32BE(16 + 12 * at); code <= last; code += 1) covered.add(code)
  }
}
