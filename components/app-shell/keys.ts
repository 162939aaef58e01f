/** One press: the key as KeyboardEvent.key tells it in lower case, and what is held with it. */
export interface Stroke {
  key: string
  mod: boolean
  shift: boolean
  alt: boolean
}

/** The parts of a KeyboardEvent that decide. */
export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** "mod+k" is one stroke, "g i" is two after one another. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function parseShortcut(keys: string): Stroke[] {
  return keys
    .toLowerCase()
    .split(' ')
    .map((stroke) => {
      const parts = stroke.split('+')
      const held = new Set(parts.slice(0, -1))
      return {
        key: parts.at(-1) || '+',
        mod: held.has('mod'),
        shift: held.has('shift'),
        alt: held.has('alt'),
      }
    })
}

export function matchesStroke(stroke: Stroke, press: KeyPress, isMac: boolean): boolean {
  const mod = isMac ? press.metaKey : press.ctrlKey
  const foreign = isMac ? press.ctrlKey : press.metaKey
  if (mod !== stroke.mod || foreign || press.altKey !== stroke.alt) return false
  // A sign such as "?" needs Shift on some layouts and not on others: what counts is the sign.
  const isSign = stroke.key.length === 1 && !/[a-z0-9]/.test(stroke.key)
  if (!isSign && press.shiftKey !== stroke.shift) return false
  const typed = press.key.toLowerCase()
  // A Latin letter counts as typed, wherever the layout puts it. In another script, or with Shift or Alt,
  // what is printed on the key decides.
  return typed === stroke.key || (!/^[a-z]$/.test(typed) && keyOfCode(press.code) === stroke.key)
}

/** What is printed on the key: with Shift or Alt held, `key` is another sign than the digit or letter. */
function keyOfCode(code: string): string | undefined {
  return /^(?:Digit|Key)([0-9A-Z])$/.exec(code)?.[1]?.toLowerCase()
}
