'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useViewer } from '../../app-shell/viewer.tsx'
import type { Keymap } from '../actions/registry.ts'
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
