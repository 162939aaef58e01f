import { type KeyPress, parseShortcut } from '../../app-shell/keys.ts'
import { ACTIONS, type ActionName, type Keymap } from '../actions/registry.ts'
import { keymapOf, type Preset } from './presets.ts'

/** A preset and what a person has changed in it. */
export interface KeymapChoice {
  readonly preset: Preset
  readonly own: Partial<Record<ActionName, readonly string[]>>
}

export function resolveKeymap({ preset, own }: KeymapChoice): Keymap {
  return new Map([...keymapOf(preset)].map(([name, keys]) => [name, own[name] ?? keys]))
}

/** Why a key should not be given to an action. */
export type KeyProblem =
  | { kind: 'taken'; by: ActionName }
  /** The studio's own: command palette, help, the way to other pages, panning. */
  | { kind: 'studio' }
  /** The browser does not hand it to a page. */
  | { kind: 'browser' }

const OF_STUDIO: ReadonlySet<string> = new Set(['mod+k', '?', 'g', 'space'])
const OF_BROWSER: ReadonlySet<string> = new Set([
  'mod+n',
  'mod+t',
  'mod+w',
  'mod+shift+n',
  'mod+shift+t',
  'mod+shift+w',
  'mod+tab',
  'mod+shift+tab',
])

/** Null = the key is free for this action. */
export function keyProblem(keymap: Keymap, name: ActionName, keys: string): KeyProblem | null {
  const wanted = canonical(keys)
  if (OF_STUDIO.has(wanted)) return { kind: 'studio' }
  if (OF_BROWSER.has(wanted)) return { kind: 'browser' }
  for (const [by, taken] of keymap) {
    if (by !== name && taken.some((other) => canonical(other) === wanted)) return { kind: 'taken', by }
  }
  return null
}

/** The action gets the key, and whoever had it loses it. */
export function assignKey(choice: KeymapChoice, name: ActionName, keys: string): KeymapChoice {
  const keymap = resolveKeymap(choice)
  const problem = keyProblem(keymap, name, keys)
  if (problem && problem.kind !== 'taken') return choice
  const own = { ...choice.own, [name]: [keys] }
  if (problem) {
    const left = keymap.get(problem.by)?.filter((other) => canonical(other) !== canonical(keys))
    own[problem.by] = left ?? []
  }
  return { ...choice, own }
}

/** Back to the preset's key; null when another action has it by now. */
export function resetKey(choice: KeymapChoice, name: ActionName): KeymapChoice | null {
  const { [name]: _, ...own } = choice.own
  const reset = { ...choice, own }
  const keymap = resolveKeymap(reset)
  const isFree = (keymap.get(name) ?? []).every((keys) => keyProblem(keymap, name, keys) === null)
  return isFree ? reset : null
}

/** Actions whose keys a person may change: nine digits go together. */
export const REMAPPABLE = ACTIONS.filter((action) => !action.digits)

/** "mod+shift+k" of a key press; null while only modifiers are held, or an input method has the key. */
export function keysOfPress(press: KeyPress, isMac: boolean): string | null {
  if (/^(Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|Unidentified)$/.test(press.key)) return null
  const printed = /^(?:Digit|Key)([0-9A-Z])$/.exec(press.code)?.[1]?.toLowerCase()
  const typed = press.key === ' ' ? 'space' : press.key.toLowerCase()
  // The letter that is typed counts; with Shift or Alt, or in another script, what is printed on the key.
  const key = /^[a-z0-9]$/.test(typed) ? typed : (printed ?? typed)
  const held = [
    (isMac ? press.metaKey : press.ctrlKey) && 'mod',
    press.shiftKey && !isSign(key) && 'shift',
    press.altKey && 'alt',
  ].filter((part) => part !== false)
  return [...held, key].join('+')
}

function canonical(keys: string): string {
  const [stroke] = parseShortcut(keys)
  if (!stroke) return keys
  const shift = stroke.shift && !isSign(stroke.key)
  const held = [stroke.mod && 'mod', shift && 'shift', stroke.alt && 'alt'].filter((part) => part)
  return [...held, stroke.key].join('+')
}

/** A sign is what it is with or without Shift. */
function isSign(key: string): boolean {
  return key.length === 1 && !/[a-z0-9]/.test(key)
}
