import type { Box } from '../../../server/contracts/annotation.ts'
import { type Doc, inOrder, textsOf } from '../document/doc.ts'
import { isHidden, isLocked } from '../document/guards.ts'
import type { EditorState } from '../editor/state.ts'
import type { Emphasis } from './paint-boxes.ts'

const FALLBACK_COLOUR = '#888888'

/** How a box looks wherever it lies on the screen: what stays the same while one pans and zooms. */
export interface Look {
  readonly box: Box
  readonly colour: string
  /** What it answers, in words. */
  readonly name: string
  readonly emphasis: Emphasis
}

/** What that hangs on. */
export type Looked = Pick<EditorState, 'doc' | 'active' | 'guards'>
type Colours = ReadonlyMap<string, string>

export function lookOf(box: Box, { doc, active, guards }: Looked, colours: Colours): Look {
  const texts = textsOf(doc, box)
  const isActive = active !== null && texts.includes(active.text)
  return {
    box,
    colour: colours.get(texts[0] ?? '') ?? FALLBACK_COLOUR,
    name: texts.join(' · '),
    emphasis: isLocked(guards, doc, box) ? 'locked' : isActive ? 'active' : 'normal',
  }
}

/** All boxes that are not hidden, in drawing order. */
export function looksOf(scene: Looked, colours: Colours): Look[] {
  const { doc, guards } = scene
  const looks: Look[] = []
  for (const box of inOrder(doc)) if (!isHidden(guards, doc, box)) looks.push(lookOf(box, scene, colours))
  return looks
}

/** `looksOf`, worked out again only when something of it has changed. */
export function looksCache(): (scene: Looked, colours: Colours) => readonly Look[] {
  let last: { doc: Doc; active: unknown; guards: unknown; colours: Colours; looks: Look[] } | null = null
  return (scene, colours) => {
    const { doc, active, guards } = scene
    const isKnown =
      last?.doc === doc && last.active === active && last.guards === guards && last.colours === colours
    if (!last || !isKnown) last = { doc, active, guards, colours, looks: looksOf(scene, colours) }
    return last.looks
  }
}
