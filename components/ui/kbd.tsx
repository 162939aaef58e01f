'use client'

import { useSyncExternalStore } from 'react'
import { cn } from './cn.ts'

const MAC: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', ctrl: '⌃' }
const OTHER: Record<string, string> = { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', ctrl: 'Ctrl' }
const SHARED: Record<string, string> = {
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  delete: 'Del',
  backspace: '⌫',
  tab: 'Tab',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  f2: 'F2',
}

const never = () => () => undefined

/** False on the server and in the first render, so that both agree. */
function useIsMac(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  )
}

/** `keys` as in "mod+k", "shift+0", "g i": `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const modifiers = useIsMac() ? MAC : OTHER
  const words = keys
    // The plus in "mod++" that ends it is a key itself.
    .split(/ |(?<=[^+ ])\+(?=.)/)
    .map(
      (key) =>
        modifiers[key.toLowerCase()] ??
        SHARED[key.toLowerCase()] ??
        (key.length === 1 ? key.toUpperCase() : key),
    )
  return (
    <span className={cn('inline-flex gap-0.5', className)}>
      {words.map((word, index) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: the keys of one shortcut never move
          key={index}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-border bg-sunken px-1 font-sans text-xs text-muted"
        >
          {word}
        </kbd>
      ))}
    </span>
  )
}
