import { z } from 'zod'
import { ACTIONS, type ActionName } from '../actions/registry.ts'
import type { KeymapChoice } from './keymap.ts'
import { PRESETS } from './presets.ts'

const NAMES: ReadonlySet<string> = new Set(ACTIONS.map((action) => action.name))

/** Keys of actions that do not exist any more are forgotten, not an error. */
const StoredKeymap = z.object({
  preset: z.enum(PRESETS),
  own: z.record(z.string(), z.array(z.string().min(1).max(40)).max(20)).transform((own) => {
    const known = Object.entries(own).filter(([name]) => NAMES.has(name))
    return Object.fromEntries(known) as Partial<Record<ActionName, string[]>>
  }),
})

export const DEFAULT_KEYMAP: KeymapChoice = { preset: 'refbox', own: {} }

/** What was stored in this browser; the studio's own keys when that is nothing, or unreadable. */
export function parseKeymap(stored: string | null): KeymapChoice {
  if (stored === null) return DEFAULT_KEYMAP
  try {
    return StoredKeymap.safeParse(JSON.parse(stored)).data ?? DEFAULT_KEYMAP
  } catch {
    return DEFAULT_KEYMAP
  }
}
