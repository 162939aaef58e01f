'use client'

import type { Editor } from '../../annotator/editor/editor.ts'
import { useEditor } from '../../annotator/editor/use-editor.ts'
import type { Rect } from '../../annotator/geometry/rects.ts'
import { rectToScreen } from '../../annotator/geometry/viewport.ts'
import type { ComparedBox } from './compared-boxes.ts'

/** Told by colour and by line: solid is how it became, dashed how it was. */
const COLOUR: Record<ComparedBox['kind'], string> = {
  added: 'var(--color-success)',
  removed: 'var(--color-danger)',
  changed: 'var(--color-warning)',
}

/** Under each line, so that it is seen on any picture. */
const HALO = '#ffffffcc'

/** What differs between two states, over the picture; the list beside it says the same in words. */
export function CompareLayer({ editor, boxes }: { editor: Editor; boxes: readonly ComparedBox[] }) {
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  const isSeen = ({ x, y, width, height }: Rect) =>
    x < area.width && y < area.height && x + width > 0 && y + height > 0
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full" fill="none">
      {boxes.map(({ id, kind, now, before }) => {
        const [solid, dashed] = [now && rectToScreen(viewport, now), before && rectToScreen(viewport, before)]
        return (
          <g key={id} stroke={COLOUR[kind]} strokeWidth={2}>
            {dashed && isSeen(dashed) && (
              <>
                <rect {...dashed} stroke={HALO} strokeWidth={4} />
                <rect {...dashed} strokeDasharray="6 4" />
              </>
            )}
            {solid && isSeen(solid) && (
              <>
                <rect {...solid} stroke={HALO} strokeWidth={4} />
                <rect {...solid} fill={COLOUR[kind]} fillOpacity={0.12} />
              </>
            )}
          </g>
        )
      })}
    </svg>
  )
}
