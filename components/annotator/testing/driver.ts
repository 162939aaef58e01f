import type { AnnotationDocument } from '../../../server/contracts/annotation.ts'
import type { BoxId, ExpressionId } from '../../../server/contracts/ids.ts'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Change } from '../document/change.ts'
import { docFrom, orderedBoxes, orderedExpressions } from '../document/doc.ts'
import type { Entry, Ids } from '../document/edit.ts'
import { Editor } from '../editor/editor.ts'
import { imagePoint } from '../geometry/points.ts'
import { toScreen } from '../geometry/viewport.ts'
import type { Gesture, Input, Pointer } from '../tools/gesture.ts'

type At = readonly [x: number, y: number]
type Held = Partial<Omit<Pointer, 'image' | 'screen'>>

/** A mouse with no key held. */
export const NOTHING_HELD = { shift: false, additive: false, alt: false, coarse: false, pan: false }

/** Ids that count up: b_1, b_2, … and e_1, e_2, … */
export function countingIds(): Ids {
  let boxes = 0
  let expressions = 0
  return {
    box: () => {
      boxes += 1
      return `b_${boxes}` as BoxId
    },
    expression: () => {
      expressions += 1
      return `e_${expressions}` as ExpressionId
    },
  }
}

/**
 * Drives a real editor as a hand would: `driver.press([10, 10]).drag([40, 40]).release()`. Points are
 * image pixels; the canvas shows the image at 100 %.
 */
export class Driver {
  readonly editor: Editor
  /** Everything that went to the server so far. */
  readonly sent: Change[] = []
  private at: At = [0, 0]
  private held: Held = {}
  private time = 0

  constructor(
    document: AnnotationDocument = { expressions: [], boxes: [] },
    {
      image = { width: 1000, height: 800 },
      active = null,
      readOnly = false,
    }: { image?: Size; active?: Entry | null; readOnly?: boolean } = {},
  ) {
    this.editor = new Editor({
      doc: docFrom(document, image),
      active,
      readOnly,
      ids: countingIds(),
      now: () => this.time,
    })
    this.editor.setArea({ width: image.width, height: image.height })
    this.editor.setViewport({ scale: 1, x: 0, y: 0, turn: 0 })
    this.editor.onCommit((changes) => this.sent.push(...changes))
  }

  press(at: At, held: Held = {}): this {
    this.held = held
    return this.feed('press', at)
  }

  drag(...points: At[]): this {
    for (const at of points) this.feed('move', at)
    return this
  }

  release(): this {
    return this.feed('release', this.at)
  }

  click(at: At, held: Held = {}): this {
    return this.press(at, held).release()
  }

  escape(): this {
    this.editor.handle({ type: 'cancel' })
    return this
  }

  wait(milliseconds: number): this {
    this.time += milliseconds
    return this
  }

  get gesture(): Gesture['at'] {
    return this.editor.getState().gesture.at
  }

  /** [x, y, width, height, text…] of every box, in order of annotation. */
  get boxes(): (number | string)[][] {
    const { doc } = this.editor.getState()
    return orderedBoxes(doc).map((box) => [
      box.x,
      box.y,
      box.width,
      box.height,
      ...box.expressionIds.map((id) => doc.expressions.get(id)?.text ?? 'missing'),
    ])
  }

  get expressions(): string[] {
    return orderedExpressions(this.editor.getState().doc).map((expression) => expression.text)
  }

  get selection(): readonly string[] {
    return this.editor.getState().selection
  }

  private feed(type: Exclude<Input['type'], 'cancel'>, at: At): this {
    this.at = at
    const image = imagePoint(at[0], at[1])
    const screen = toScreen(this.editor.getState().viewport, image)
    const pointer: Pointer = { image, screen, ...NOTHING_HELD, ...this.held }
    this.editor.handle({ type, pointer })
    return this
  }
}
