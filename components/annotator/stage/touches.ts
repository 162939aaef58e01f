import type { ScreenPoint } from '../geometry/points.ts'
import { pinch, type Viewport } from '../geometry/viewport.ts'

type TwoFingers = readonly [number, number]

/**
 * Fingers on the canvas. One works the tool, two move and zoom the picture. Where a pen is in use, a
 * single finger moves the picture too: the hand that rests on the glass must not draw.
 */
export class Touches {
  private readonly points = new Map<number, ScreenPoint>()
  private pinching: { viewport: Viewport; fingers: TwoFingers; from: readonly ScreenPoint[] } | null = null
  private penSeen = false

  /** From the second finger on until the last one is lifted: what is left of a pinch draws nothing. */
  get isPinching(): boolean {
    return this.pinching !== null
  }

  /** Whether this pointer only moves the picture. */
  isHand(pointerType: string): boolean {
    return this.penSeen && pointerType === 'touch'
  }

  /** @returns whether a pinch begins, which gives up whatever the first finger had begun */
  press(pointerType: string, id: number, at: ScreenPoint, viewport: Viewport): boolean {
    if (pointerType === 'pen') this.penSeen = true
    if (pointerType !== 'touch') return false
    this.points.set(id, at)
    const [first, second, ...others] = [...this.points]
    if (!first || !second || others.length > 0) return false
    this.pinching = { viewport, fingers: [first[0], second[0]], from: [first[1], second[1]] }
    return true
  }

  /** The viewport that two fingers ask for; null = they do not. */
  move(id: number, at: ScreenPoint): Viewport | null {
    if (!this.points.has(id)) return null
    this.points.set(id, at)
    if (!this.pinching) return null
    const { viewport, fingers, from } = this.pinching
    const [a, b] = [this.points.get(fingers[0]), this.points.get(fingers[1])]
    const [fromA, fromB] = from
    return a && b && fromA && fromB ? pinch(viewport, [fromA, fromB], [a, b]) : null
  }

  release(id: number): void {
    this.points.delete(id)
    if (this.points.size === 0) this.pinching = null
  }
}
