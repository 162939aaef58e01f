/** Names that say "this is sRGB": the usual ones, and the compact profiles that phones and web tools embed. */
const SRGB_NAME = /sRGB|^c2(ci)?$/i

/**
 * Whether an embedded ICC profile only says what an image without any means anyway. Tells by the
 * profile's own description (ICC.1:2022 §9.2.41 `desc`): v2 holds ASCII, v4 UTF-16 in several languages.
 */
export function isSrgbProfile(icc: Buffer): boolean {
  const description = profileDescription(icc)
  return description !== null && SRGB_NAME.test(description.trim())
}

export function profileDescription(icc: Buffer): string | null {
  const tag = findTag(icc, 'desc')
  if (!tag) return null
  const type = tag.toString('latin1', 0, 4)
  if (type === 'desc' && tag.length >= 12) {
    const length = tag.readUInt32BE(8)
    return tag.toString('latin1', 12, Math.min(12 + length, tag.length)).replace(/\0.*$/s, '')
  }
  if (type === 'mluc' && tag.length >= 28) {
    const [length, offset] = [tag.readUInt32BE(20), tag.readUInt32BE(24)]
    const utf16 = Buffer.from(tag.subarray(offset, offset + length - (length % 2)))
    return utf16.swap16().toString('utf16le')
  }
  return null
}

/** The tag table follows the 128 bytes of header: a count, then signature, offset and size of each tag. */
function findTag(icc: Buffer, signature: string): Buffer | null {
  if (icc.length < 132) return null
  const count = Math.min(icc.readUInt32BE(128), 200)
  for (let at = 132; at + 12 <= icc.length && at < 132 + count * 12; at += 12) {
    if (icc.toString('latin1', at, at + 4) !== signature) continue
    const [offset, size] = [icc.readUInt32BE(at + 4), icc.readUInt32BE(at + 8)]
    return icc.subarray(offset, offset + size)
  }
  return null
}
