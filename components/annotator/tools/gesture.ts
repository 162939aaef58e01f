import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import type { Entry, Ids } from '../document/edit.ts'
import type { ImagePoint, ScreenPoint } from '../geometry/points.ts'
import type { Handle, Rect } from '../geometry/rects.ts'
import type { Viewport } from '../geometry/viewport.ts'
import type { StepName } from '../history/history.ts'

export type Tool = 'select' | 'draw' | 'pan'

/**
 * What the pointer is in the middle of. Pressed and dragging are different states; every dragging
 * state holds what was there at the press, and each move is computed from that.
 */
export type Gesture =
  | { at: 'idle' }
  /** Down, not yet moved: may become a click, a move or a marquee. */
  | { at: 'pressing'; origin: ImagePoint; screen: ScreenPoint; under: readonly BoxId[]; additive: boolean }
  | { at: 'drawing'; origin: ImagePoint; screen: ScreenPoint; corner: ImagePoint }
  | { at: 'moving'; origin: ImagePoint; grabbed: readonly Box[] }
  | { at: 'resizing'; origin: ImagePoint; handle: Handle; grabbed: Box }
  | {
      at: 'selecting'
      origin: ImagePoint
      corner: ImagePoint
      /** Selected before, and again when the gesture is given up. */
      before: readonly BoxId[]
      /** Stay selected whatever the marquee takes in. */
      kept: readonly BoxId[]
    }
  | { at: 'panning'; screen: ScreenPoint; viewport: Viewport }

export const IDLE: Gesture = { at: 'idle' }

export interface Pointer {
  image: ImagePoint
  screen: ScreenPoint
  /** Shift: add to the selection, keep the aspect. */
  shift: boolean
  /** Space held or the middle button: pan, whatever the tool. */
  pan: boolean
}

export type Input = { type: 'press' | 'move' | 'release'; pointer: Pointer } | { type: 'cancel' }

/** What a step may look at. */
export interface Scene {
  doc: Doc
  viewport: Viewport
  selection: readonly BoxId[]
  tool: Tool
  /** What a new box answers; null = ask after drawing. */
  active: Entry | null
  ids: Ids
  /** Nothing may be changed; selecting and panning still work. */
  readOnly: boolean
}

export interface Step {
  gesture: Gesture
  /** Shown instead of the records while the pointer is down; never saved. */
  preview?: readonly Change[]
  commit?: { step: StepName; changes: readonly Change[] }
  select?: readonly BoxId[]
  viewport?: Viewport
  /** A box was drawn and nobody knows yet what it answers. */
  drawn?: Rect
  /** A box was drawn that cannot survive rounding. */
  tooSmall?: Rect
}

/** Screen pixels the pointer may tremble before a press becomes a drag. */
export const DRAG_THRESHOLD = 3
