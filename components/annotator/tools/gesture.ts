import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import type { Entry, Ids } from '../document/edit.ts'
import type { Guards } from '../document/guards.ts'
import type { ImagePoint, ScreenPoint } from '../geometry/points.ts'
import type { Handle, Rect } from '../geometry/rects.ts'
import type { Guide, SnapTargets } from '../geometry/snap.ts'
import type { Viewport } from '../geometry/viewport.ts'
import type { StepName } from '../history/history.ts'
import type { Suggested } from '../suggestions/suggestion.ts'

export type Tool = 'select' | 'draw' | 'pan'

/**
 * What the pointer is in the middle of. Pressed and dragging are different states; every dragging
 * state holds what was there at the press, and each move is computed from that.
 */
export type Gesture =
  | { at: 'idle' }
  /** Down, not yet moved: may become a click, a move or a marquee. */
  | {
      at: 'pressing'
      origin: ImagePoint
      screen: ScreenPoint
      under: readonly BoxId[]
      additive: boolean
      /** Alt: the click goes on to what lies below. */
      deeper: boolean
    }
  | {
      at: 'drawing'
      origin: ImagePoint
      screen: ScreenPoint
      corner: ImagePoint
      targets: SnapTargets
      /** Alt at the press: a click goes on to what lies below. */
      deeper: boolean
    }
  | { at: 'moving'; origin: ImagePoint; grabbed: readonly Box[]; targets: SnapTargets }
  | {
      at: 'resizing'
      origin: ImagePoint
      handle: Handle
      grabbed: readonly Box[]
      targets: SnapTargets
    }
  | {
      at: 'selecting'
      origin: ImagePoint
      corner: ImagePoint
      /** Selected before, and again when the gesture is given up. */
      before: readonly BoxId[]
      /** Stay selected whatever the marquee takes in. */
      kept: readonly BoxId[]
    }
  /** A handle of a suggestion is held: it is accepted with the corners it has at the end. */
  | { at: 'correcting'; origin: ImagePoint; handle: Handle; suggestion: Suggested; rect: Rect }
  | { at: 'panning'; screen: ScreenPoint; viewport: Viewport }

export const IDLE: Gesture = { at: 'idle' }

export interface Pointer {
  image: ImagePoint
  screen: ScreenPoint
  /** Shift: keep the aspect. */
  shift: boolean
  /** Shift, Ctrl or ⌘: add to the selection, or take out of it. */
  additive: boolean
  /** Alt: no snapping; a click goes through what lies over one another. */
  alt: boolean
  /** A finger: handles are taken from further away. */
  coarse: boolean
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
  guards: Guards
  suggestions: readonly Suggested[]
  focusedSuggestion: string | null
  /** Edges stick to other edges that are near. */
  snapping: boolean
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
  /** Where edges are lined up at this moment. */
  guides?: readonly Guide[]
  commit?: { step: StepName; changes: readonly Change[] }
  select?: readonly BoxId[]
  /** The suggestion that was clicked; null = none any more. */
  focus?: string | null
  viewport?: Viewport
  /** A box was drawn and nobody knows yet what it answers. */
  drawn?: Rect
  /** A box was drawn that cannot survive rounding. */
  tooSmall?: Rect
}

/** Screen pixels the pointer may tremble before a press becomes a drag. */
export const DRAG_THRESHOLD = 3
