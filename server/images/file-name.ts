/** Longest name that is kept; the end of a longer one tells more than its start. */
const LONGEST = 400

/**
 * A name as it is stored and shown: forward slashes, no control characters, composed Unicode (macOS sends it
 * decomposed).
 * @returns null when the name points out of its folder: absolute, a drive, or with `..`
 */
export function safeFileName(name: string): string | null {
  const path = name
    .replace(/\p{Cs}/gu, '\ufffd')
    .normalize('NFC')
    .replaceAll('\\', '/')
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\0')) return null
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length === 0 || parts.includes('..')) return null
  return parts
    .join('/')
    .replace(/[\p{Cc}\u2028\u2029]/gu, '_')
    .slice(-LONGEST)
}

/** For names that nobody means harm with: what is left of an unsafe one is its last part. */
export function fileNameOf(name: string): string {
  const last = name.split(/[\\/]/).findLast((part) => part !== '' && part !== '..' && part !== '.')
  return safeFileName(name) ?? safeFileName(last ?? '') ?? 'unnamed'
}

/**
 * Keeps names apart that a disk without upper and lower case would take for one: `a.png`, `A.png` become
 * `a.png`, `A (2).png`. Remembers what it gave out.
 */
export function uniqueNames(): (name: string) => string {
  const taken = new Set<string>()
  return (name) => {
    const dot = name.lastIndexOf('.')
    const stem = dot > name.lastIndexOf('/') + 1 ? name.slice(0, dot) : name
    const ending = name.slice(stem.length)
    let candidate = name
    for (let n = 2; taken.has(candidate.toLowerCase()); n += 1) candidate = `${stem} (${n})${ending}`
    taken.add(candidate.toLowerCase())
    return candidate
  }
}
