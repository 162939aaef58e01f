'use client'

import { useCallback, useSyncExternalStore } from 'react'
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

const useStorageKey = () => `refbox-keymap/${useViewer().id}`

function useStored(): string | null {
  const key = useStorageKey()
  return useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(key),
    () => null,
  )
}

/** The keys of the person who is signed in, kept in this browser. */
export function useKeymapChoice(): [KeymapChoice, (choice: KeymapChoice) => void] {
  const key = useStorageKey()
  const stored = useStored()
  const { choice } = readKept(stored)
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
  return readKept(useStored()).keymap
}

interface Kept {
  stored: string | null
  choice: KeymapChoice
  keymap: Keymap
}

let last: Kept | null = null

/** Read once for all the buttons and rows that name their keys. */
function readKept(stored: string | null): Kept {
  if (last?.stored !== stored) {
    const choice = parseKeymap(stored)
    last = { stored, choice, keymap: resolveKeymap(choice) }
  }
  return last
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
