'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useViewer } from '../../app-shell/viewer.tsx'
import type { ActionName, Keymap } from '../actions/registry.ts'
import { type KeymapChoice, resolveKeymap } from './keymap.ts'
import { parseKeymap } from './store.ts'

const CHANGED = 'refbox-keymap'

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    window.removeEventListener('storage', listener)
    window.removeEventListener(CHANGED, listener)
  }
}

/** The keys of the person who is signed in, kept in this browser. */
export function useKeymapChoice(): [KeymapChoice, (choice: KeymapChoice) => void] {
  const key = `refbox-keymap/${useViewer().id}`
  const stored = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(key),
    () => null,
  )
  const choice = useMemo(() => parseKeymap(stored), [stored])
  const set = useCallback(
    (next: KeymapChoice) => {
      localStorage.setItem(key, JSON.stringify(next))
      window.dispatchEvent(new Event(CHANGED))
    },
    [key],
  )
  return [choice, set]
}

export function useKeymap(): Keymap {
  const [choice] = useKeymapChoice()
  return useMemo(() => resolveKeymap(choice), [choice])
}

/** The key of an action as a sentence names it: "Shift+Z"; a dash where it has none. */
export function useKeyNames(): (name: ActionName) => string {
  const keymap = useKeymap()
  return useCallback(
    (name) => {
      const keys = keymap.get(name)?.[0]?.replace('mod', isMac() ? '⌘' : 'ctrl')
      return keys?.replace(/(?<=^|\+)[a-z]/g, (first) => first.toUpperCase()) ?? '–'
    },
    [keymap],
  )
}

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent)
