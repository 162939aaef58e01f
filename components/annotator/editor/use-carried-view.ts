import { useEffect } from 'react'
import { NO_GUARDS } from '../document/guards.ts'
import type { Editor } from './editor.ts'
import { DEFAULT_VIEW, ViewSettings } from './view-settings.ts'

const KEY = 'refbox-view'

/** Locked and hidden expressions go on from image to image while the page is open. */
let carried = { lockedTexts: NO_GUARDS.lockedTexts, hiddenTexts: NO_GUARDS.hiddenTexts }

/** How a person looks at images goes with them to the next one, and the settings also to the next day. */
export function useCarriedView(editor: Editor): void {
  useEffect(() => {
    takeOver(editor)
    let { view, guards } = editor.getState()
    return editor.subscribe(() => {
      const now = editor.getState()
      if (now.view !== view) keepView(now.view)
      if (now.guards !== guards) {
        carried = { lockedTexts: now.guards.lockedTexts, hiddenTexts: now.guards.hiddenTexts }
      }
      ;({ view, guards } = now)
    })
  }, [editor])
}

/** Only what differs: everything on the screen that hangs on the view is drawn anew for another one. */
function takeOver(editor: Editor): void {
  const { view, guards } = editor.getState()
  const carriedView = readView()
  const isSame = (Object.keys(view) as (keyof ViewSettings)[]).every((key) => view[key] === carriedView[key])
  if (!isSame) editor.setView(carriedView)
  const { lockedTexts, hiddenTexts } = carried
  if (guards.lockedTexts !== lockedTexts || guards.hiddenTexts !== hiddenTexts) {
    editor.setGuards({ ...guards, ...carried })
  }
}

function readView(): ViewSettings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return ViewSettings.safeParse({ ...DEFAULT_VIEW, ...(stored as object) }).data ?? DEFAULT_VIEW
  } catch {
    return DEFAULT_VIEW
  }
}

function keepView(view: ViewSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(view))
  } catch {
    // A browser that keeps nothing: the settings hold until the page is closed.
  }
}
