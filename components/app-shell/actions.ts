'use client'

import { type ReactNode, useEffect, useSyncExternalStore } from 'react'

/**
 * Something a person can do, as data. One object feeds the palette, the shortcut and the sheet that
 * `?` opens, so the three can never disagree.
 */
export interface StudioAction {
  /** Unique among what is mounted, for example `images.delete`. */
  name: string
  label: string
  /** Heading in the sheet, for example the page's title. */
  group: string
  /** "mod+k", "shift+0", "g i" (one after the other). */
  keys?: string
  icon?: ReactNode
  /** Left out of the palette and deaf to its keys while false. */
  isAvailable?: boolean
  /** The page listens to these keys itself (a canvas does); here they are only shown. */
  ownKeys?: boolean
  run: () => void
}

const registered = new Map<symbol, readonly StudioAction[]>()
const listeners = new Set<() => void>()
let current: readonly StudioAction[] = []

function changed(): void {
  current = [...registered.values()].flat()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const NONE: readonly StudioAction[] = []

/** Offers the actions while the component is mounted. Memoise the list: a new one registers anew. */
export function useActions(actions: readonly StudioAction[]): void {
  useEffect(() => {
    const id = Symbol('actions')
    registered.set(id, actions)
    changed()
    return () => {
      registered.delete(id)
      changed()
    }
  }, [actions])
}

/** Everything that can be done on the page that is shown. */
export function useRegisteredActions(): readonly StudioAction[] {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => NONE,
  )
}

/** In the order of appearance, one entry a heading. */
export function groupActions(actions: readonly StudioAction[]): [group: string, actions: StudioAction[]][] {
  const groups = new Map<string, StudioAction[]>()
  for (const action of actions) {
    const group = groups.get(action.group)
    if (group) group.push(action)
    else groups.set(action.group, [action])
  }
  return [...groups]
}
