import type { KeyPress } from '../keys.ts'

/** A key as the browser reports it, with nothing held but what is said. */
export function press(key: string, code = '', held: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held }
}
