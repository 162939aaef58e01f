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

export interface KbdProps {
  keys: string
  /** Without caps of their own: on a coloured button they would be holes in it. */
  isPlain?: boolean
  className?: string
}

/** `keys` as in "mod+k", "shift+0", "g i": `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function Kbd({ keys, isPlain = false, className }: KbdProps) {
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
          className={cn(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center px-1 font-sans text-xs',
            !isPlain && 'rounded-sm border border-border bg-sunken text-muted',
          )}
        >
          {word}
        </kbd>
      ))}
    </span>
  )
}
