import { type RefObject, useEffect, useRef, useState } from 'react'
import type { ActionContext } from './action.ts'
import { actionOfPress } from './registry.ts'

/** Controls on which Enter, Space and arrows mean something already. */
const CONTROLS =
  'button, a, [role="option"], [role="listbox"], [role="tab"], [role="radio"], [role="menuitem"], summary'
const KEYS_OF_CONTROLS = new Set(['Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Tab'])

/** "g" begins the frame's way to another page ("g d"); the key after it is not ours for this long. */
const LEADER = 'g'
const LEADER_MS = 1_000

/**
 * Runs actions by their keys while the editor is on the page.
 * @returns whether Space is held (which turns any tool into the hand), as state and as a ref
 */
export function useKeys(
  context: ActionContext,
  canvas: RefObject<HTMLElement | null>,
): { spaceHeld: boolean; spaceRef: RefObject<boolean> } {
  const latest = useRef(context)
  useEffect(() => {
    latest.current = context
  })
  const spaceRef = useRef(false)
  const [spaceHeld, setSpaceHeld] = useState(false)

  useEffect(() => {
    const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
    const hold = (held: boolean) => {
      spaceRef.current = held
      setSpaceHeld(held)
    }
    let ledAt = Number.NEGATIVE_INFINITY
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isForText(event) || isDialogOpen()) return
      const isLed = event.timeStamp - ledAt < LEADER_MS
      ledAt = event.key === LEADER && !isLed ? event.timeStamp : Number.NEGATIVE_INFINITY
      if (isLed) return
      const onCanvas = event.target === canvas.current || event.target === document.body
      if (!onCanvas && KEYS_OF_CONTROLS.has(event.key) && isControl(event.target)) return
      if (event.key === ' ') {
        event.preventDefault()
        hold(true)
        return
      }
      const found = actionOfPress(event, isMac)
      if (!found || (found.action.canvasOnly && !onCanvas)) return
      // Not available: the key keeps its meaning for the browser, so that Tab can leave the canvas.
      if (!found.action.isAvailable(latest.current.editor.getState(), latest.current)) return
      event.preventDefault()
      found.action.run(latest.current, found.digit)
    }
    const onKeyUp = (event: KeyboardEvent) => event.key === ' ' && hold(false)
    const letGo = () => hold(false)
    window.addEventListener('keydown', onKeyDown)
    window.addEventListener('keyup', onKeyUp)
    window.addEventListener('blur', letGo)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
      window.removeEventListener('keyup', onKeyUp)
      window.removeEventListener('blur', letGo)
    }
  }, [canvas])

  return { spaceHeld, spaceRef }
}

/** Typing is never a command; with an input method, not even its Enter (229 is what it reports). */
function isForText(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  const { target } = event
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(CONTROLS) !== null
}

function isDialogOpen(): boolean {
  return (
    document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"], [role="menu"]') !== null
  )
}
