import path from 'node:path'

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/avif': '.avif',
  'image/gif': '.gif',
  'image/tiff': '.tif',
  'image/bmp': '.bmp',
}
/** Longest stem; file systems take 255 bytes and a Chinese character has three. */
const STEM_LIMIT = 60

/**
 * Gives every picture of an export its own safe path `images/<name>`: the name people know, without folders,
 * without characters that a file system or a shell trips over, never two that differ only in case.
 * The same pictures in the same order get the same names.
 */
export function imageNames() {
  const byHash = new Map<string, string>()
  const taken = new Set<string>()
  return (image: { sha256: string; fileName: string; mediaType: string }): string => {
    const known = byHash.get(image.sha256)
    if (known) return known
    const extension = EXTENSIONS[image.mediaType] ?? path.extname(image.fileName).replace(/[^.\w]/g, '')
    const stem = safeStem(image.fileName)
    let name = `${stem}${extension}`
    for (let copy = 2; taken.has(name.toLowerCase()); copy += 1) name = `${stem}_${copy}${extension}`
    taken.add(name.toLowerCase())
    byHash.set(image.sha256, `images/${name}`)
    return `images/${name}`
  }
}

function safeStem(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? ''
  const stem = base.slice(0, base.length - path.extname(base).length)
  const safe = stem
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._-]+|[._]+$/g, '')
  const short = [...safe].slice(0, STEM_LIMIT).join('')
  // Names that Windows keeps for devices.
  return short === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(short) ? `image_${short}` : short
}
