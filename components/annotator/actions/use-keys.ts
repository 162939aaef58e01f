import { type RefObject, useEffect, useRef, useState } from 'react'
import { readClipping } from '../clipboard/clipping.ts'
import { useLatest } from '../editor/use-latest.ts'
import type { ActionContext } from './action.ts'
import { pasteInto } from './clipboard-actions.ts'
import { actionOfPress, type Keymap } from './registry.ts'

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
  keymap: Keymap,
  canvas: RefObject<HTMLElement | null>,
): { spaceHeld: boolean; spaceRef: RefObject<boolean> } {
  const latest = useLatest({ context, keymap })
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
      // With Ctrl an arrow means nothing to a control: it resizes, from the list of boxes too.
      const isPlain = !event.ctrlKey && !event.metaKey
      if (!onCanvas && isPlain && KEYS_OF_CONTROLS.has(event.key) && isControl(event.target)) return
      if (event.key === ' ') {
        event.preventDefault()
        hold(true)
        return
      }
      const { context: now, keymap: keys } = latest.current
      const found = actionOfPress(event, isMac, keys)
      if (!found || (found.action.canvasOnly && !onCanvas)) return
      if (found.action.nativeKey === found.keys) return
      // Not available: the key keeps its meaning for the browser, so that Tab can leave the canvas.
      if (!found.action.isAvailable(now.editor.getState(), now)) return
      event.preventDefault()
      found.action.run(now, found.digit)
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
  }, [canvas, latest])

  return { spaceHeld, spaceRef }
}

/**
 * Ctrl+V, as an event of the browser: the only way to the system's clipboard that asks nobody, and that
 * exists on plain http too. What lies there and is not ours leaves this tab's own copy.
 */
export function usePaste(context: ActionContext): void {
  const latest = useLatest(context)
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const { editor, clipboard } = latest.current
      if (event.defaultPrevented || isTextField(event.target) || isDialogOpen()) return
      if (editor.getState().readOnly) return
      event.preventDefault()
      pasteInto(editor, readClipping(event.clipboardData?.getData('text/plain') ?? '') ?? clipboard.kept())
    }
    window.addEventListener('paste', onPaste)
    return () => window.removeEventListener('paste', onPaste)
  }, [latest])
}

/** Typing is never a command; with an input method, not even its Enter (229 is what it reports). */
function isForText(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  return isTextField(event.target)
}

function isTextField(target: EventTarget | null): boolean {
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
