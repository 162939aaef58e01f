'use client'

import { useEffect } from 'react'
import type { StudioAction } from './actions.ts'
import { matchesStroke, parseShortcut } from './keys.ts'

/** How long the first key of a sequence such as "g i" is remembered. */
const SEQUENCE_MS = 1_000

/** Listens once for the whole page. Keys that a page has used itself (`preventDefault`) are left alone. */
export function useShortcuts(actions: readonly StudioAction[]): void {
  useEffect(() => {
    const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
    let begun: { actions: StudioAction[]; at: number } = { actions: [], at: 0 }

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isForText(event) || isDialogOpen()) return
      const step = event.timeStamp - begun.at < SEQUENCE_MS && begun.actions.length > 0 ? 1 : 0
      const candidates = step === 1 ? begun.actions : actions
      const hits = candidates.filter((action) => {
        if (!action.keys || action.ownKeys || action.isAvailable === false) return false
        const stroke = parseShortcut(action.keys)[step]
        return stroke !== undefined && matchesStroke(stroke, event, isMac)
      })
      begun = { actions: [], at: 0 }
      const complete = hits.find((action) => parseShortcut(action.keys ?? '').length === step + 1)
      if (complete) {
        event.preventDefault()
        complete.run()
      } else if (hits.length > 0) {
        begun = { actions: hits, at: event.timeStamp }
      }
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [actions])
}

/** Typing, also with an input method (whose keys must never start anything), is not a command. */
function isForText(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  if (event.ctrlKey || event.metaKey) return false
  const { target } = event
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function isDialogOpen(): boolean {
  return (
    document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"], [role="menu"]') !== null
  )
}
