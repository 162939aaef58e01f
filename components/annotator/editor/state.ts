import type { Attribute } from '../../../server/contracts/attribute.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Change } from '../document/change.ts'
import type { Doc } from '../document/doc.ts'
import type { Entry } from '../document/edit.ts'
import type { Guards } from '../document/guards.ts'
import type { ImagePoint } from '../geometry/points.ts'
import type { Rect } from '../geometry/rects.ts'
import type { Guide } from '../geometry/snap.ts'
import type { Viewport } from '../geometry/viewport.ts'
import type { History } from '../history/history.ts'
import type { Suggested } from '../suggestions/suggestion.ts'
import type { Gesture, Tool } from '../tools/gesture.ts'
import type { Travelled } from './announcement.ts'
import type { ViewSettings } from './view-settings.ts'

/** Something to tell the person about what they just did; keys of the catalogue under `annotator.notices`. */
export type Notice =
  | { code: 'tooSmall'; smallest: Size }
  | { code: 'hasBoxes'; text: string }
  | { code: 'alreadyHere'; text: string }
  | { code: 'pasted' | 'copiedFromPrevious'; count: number; refused: number }
  | { code: 'copied' | 'cut'; count: number }
  /** What a model has proposed; `asked` expressions. */
  | { code: 'found'; count: number; there: number; rejectedBefore: number; unreadable: number; asked: number }
  | {
      code:
        | 'nothingToUndo'
        | 'nothingToRedo'
        | 'readOnly'
        | 'locked'
        | 'nothingToPaste'
        | 'nothingOnPrevious'
        | 'previousUnavailable'
    }

export interface EditorState {
  /** What is saved and undone … */
  readonly doc: Doc
  readonly history: History
  /** The last undo or redo, to be said aloud. */
  readonly travelled: Travelled | null
  /** … and what is not: it belongs to this tab. */
  readonly tool: Tool
  readonly gesture: Gesture
  /** Shown instead of the records while the pointer is down. */
  readonly preview: readonly Change[]
  /** Lines along which the box under the hand is lined up. */
  readonly guides: readonly Guide[]
  readonly selection: readonly BoxId[]
  /** What is locked and hidden here. */
  readonly guards: Guards
  /** What models propose, the judged ones included, so that undo and bringing back find them. */
  readonly suggestions: readonly Suggested[]
  /** The suggestion that the keys speak of. */
  readonly focusedSuggestion: string | null
  /** What the project asks of boxes. */
  readonly attributes: readonly Attribute[]
  /** What the next box answers. */
  readonly active: Entry | null
  /** Typed, without a box yet: not part of the document, since a record without boxes is a negative. */
  readonly drafts: readonly Entry[]
  /** Drawn without an active entry: waits for a name. */
  readonly unnamed: Rect | null
  /** Asks by which expression the selected boxes are to be answered instead. */
  readonly relabelling: boolean
  readonly view: ViewSettings
  readonly viewport: Viewport
  readonly area: Size
  /** The viewport follows the size of the window until the person zooms or pans. */
  readonly fitted: boolean
  readonly pointer: ImagePoint | null
  readonly hovered: BoxId | null
  readonly notice: Notice | null
  readonly readOnly: boolean
}
