import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'

/** Something on the screen that follows the editor without React: a layer, the frame in the minimap. */
export interface Painter {
  /** All that it shows; it is painted anew when one of these is not what it was at the last painting. */
  readonly needs: (state: EditorState) => readonly unknown[]
  readonly paint: (state: EditorState) => void
}

type Watched = Pick<Editor, 'getState' | 'subscribe'>

/**
 * Paints what has changed, once per frame of the display however often the state changes in between: a wheel
 * or a pen reports more often than a screen can show, and React would render for every report.
 */
export class Frames {
  private readonly painted = new Map<Painter, readonly unknown[] | null>()
  private asked = false
  private unsubscribe: (() => void) | null = null

  private readonly editor: Watched
  private readonly requestFrame: (frame: () => void) => void

  /** @param requestFrame the display's; injected for tests */
  constructor(editor: Watched, requestFrame: (frame: () => void) => void = requestAnimationFrame) {
    this.editor = editor
    // The browser's own must not be called as a method of something else.
    this.requestFrame = (frame) => requestFrame(frame)
  }

  /** @returns takes it out again */
  add(painter: Painter): () => void {
    this.painted.set(painter, null)
    this.unsubscribe ??= this.editor.subscribe(this.request)
    this.request()
    return () => {
      this.painted.delete(painter)
      if (this.painted.size > 0) return
      this.unsubscribe?.()
      this.unsubscribe = null
    }
  }

  /** Something has changed that the state does not know of. */
  readonly request = (): void => {
    if (this.asked) return
    this.asked = true
    this.requestFrame(() => {
      this.asked = false
      this.paint()
    })
  }

  private paint(): void {
    const state = this.editor.getState()
    for (const [painter, before] of this.painted) {
      const now = painter.needs(state)
      if (before && isSame(before, now)) continue
      this.painted.set(painter, now)
      painter.paint(state)
    }
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((value, place) => Object.is(value, now[place]))
}

const known = new WeakMap<Editor, Frames>()

/** The one frame loop of an editor; idle while nothing changes. */
export function framesOf(editor: Editor): Frames {
  const frames = known.get(editor) ?? new Frames(editor)
  known.set(editor, frames)
  return frames
}
