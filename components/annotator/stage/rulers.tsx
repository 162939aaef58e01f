import { NORMALISED_MAX } from '../../../server/grounding/coordinates.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { imagePoint } from '../geometry/points.ts'
import { tickStep, ticks } from '../geometry/ticks.ts'
import { shownPart, toScreen } from '../geometry/viewport.ts'
import { PaintedLayer } from './painted-layer.tsx'

/** CSS pixels of a ruler: one row of pixels and one of the training text's integers. */
const RULER = 26
const ROW = RULER / 2
const FONT = '10px system-ui, sans-serif'
const BACKGROUND = 'rgba(20, 20, 26, 0.88)'
const CORNER = '#14141a'
const PIXELS = '#ffffff'
const NORMALISED = '#9fb4ff'
const POINTER = '#ff2bd6'

type Shown = Pick<EditorState, 'doc' | 'viewport' | 'area' | 'pointer'>

const needs = ({ doc, viewport, area, pointer }: EditorState) => [doc.image, viewport, area, pointer]

/** Along the upper and the left border: image pixels, and below them what training reads (0–1000). */
export function Rulers({ editor }: { editor: Editor }) {
  return <PaintedLayer editor={editor} needs={needs} paint={paintRulers} />
}

function paintRulers(context: CanvasRenderingContext2D, state: EditorState): void {
  paintRuler(context, state, 'across')
  paintRuler(context, state, 'down')
  // Where both begin neither has anything to say.
  context.fillStyle = CORNER
  context.fillRect(0, 0, RULER, RULER)
}

function paintRuler(context: CanvasRenderingContext2D, shown: Shown, along: 'across' | 'down'): void {
  const { doc, viewport, area, pointer } = shown
  const length = along === 'across' ? area.width : area.height
  // In a view turned by a quarter the image's y runs across the screen.
  const isX = (along === 'across') === (viewport.turn % 2 === 0)
  const size = isX ? doc.image.width : doc.image.height
  const part = shownPart(viewport, area)
  const first = Math.max(0, isX ? part.x : part.y)
  const last = Math.min(size, isX ? part.x + part.width : part.y + part.height)
  const place = (value: number) => {
    const at = toScreen(viewport, isX ? imagePoint(value, 0) : imagePoint(0, value))
    return along === 'across' ? at[0] : at[1]
  }

  context.save()
  if (along === 'down') {
    // Drawn as if it lay across, then turned: numbers read upwards.
    context.translate(0, area.height)
    context.rotate(-Math.PI / 2)
  }
  const put = (value: number) => (along === 'across' ? place(value) : area.height - place(value))
  context.fillStyle = BACKGROUND
  context.fillRect(0, 0, length, RULER)
  context.font = FONT
  context.textBaseline = 'middle'
  const rows = [
    { unit: 1, top: 0, colour: PIXELS },
    { unit: size / NORMALISED_MAX, top: ROW, colour: NORMALISED },
  ]
  for (const { unit, top, colour } of rows) {
    context.fillStyle = colour
    for (const tick of ticks(first / unit, last / unit, tickStep(viewport.scale * unit))) {
      const at = put(tick * unit)
      context.fillRect(at, top, 1, ROW)
      context.fillText(String(tick), at + 3, top + ROW / 2)
    }
  }
  if (pointer) {
    context.fillStyle = POINTER
    context.fillRect(put(isX ? pointer[0] : pointer[1]), 0, 1, RULER)
  }
  context.restore()
}
