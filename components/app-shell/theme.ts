'use client'

import { useCallback, useSyncExternalStore } from 'react'
import { THEME_KEY } from './theme-script.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener)
  window.addEventListener(THEME_KEY, listener)
  return () => {
    window.removeEventListener('storage', listener)
    window.removeEventListener(THEME_KEY, listener)
  }
}

function read(): Theme {
  const stored = localStorage.getItem(THEME_KEY)
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

/** The person's choice, kept in this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, read, () => 'system' as const)
  const setTheme = useCallback((next: Theme) => {
    localStorage.setItem(THEME_KEY, next)
    window.dispatchEvent(new Event(THEME_KEY))
  }, [])
  return [theme, setTheme]
}

/** What is shown now, for canvases that read colours themselves and must redraw on a change. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribeShown, readShown, () => 'light' as const)
}

function readShown(): 'light' | 'dark' {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'
}

function subscribeShown(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
