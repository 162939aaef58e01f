'use client'

import { Eye, EyeOff, Lock, LockOpen, TriangleAlert } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { memo, type PointerEvent } from 'react'
import type { Box } from '../../../server/contracts/annotation.ts'
import type { BoxId } from '../../../server/contracts/ids.ts'
import { cn } from '../../ui/cn.ts'
import { problemsOf } from '../document/attributes.ts'
import { textsOf } from '../document/doc.ts'
import { type Guards, isHidden, isLocked, toggled } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { ceilingOf, LOW_CEILING } from './ceiling.ts'
import { Dot } from './expression-input.tsx'

export const ROW_HEIGHT = 26

export interface BoxRowProps {
  id: string
  box: Box
  editor: Editor
  colours: ReadonlyMap<string, string>
  place: number
  count: number
  isSelected: boolean
  /** CSS pixels within the list. */
  top: number
  onPress: (id: BoxId, event: PointerEvent) => void
}

/** One box in words: what it shows, where it is, whether it is locked, hidden or too small to be learned. */
export const BoxRow = memo(function BoxRow(props: BoxRowProps) {
  const { id, box, editor, colours, place, count, isSelected, top, onPress } = props
  const t = useTranslations('annotator.boxes')
  const format = useFormatter()
  // What a row shows, piece by piece: an edit elsewhere draws nothing anew here.
  const name = useEditor(editor, ({ doc }) => textsOf(doc, box).join(' · '))
  const first = useEditor(editor, ({ doc }) => textsOf(doc, box)[0] ?? '')
  const locked = useEditor(editor, ({ guards, doc }) => isLocked(guards, doc, box))
  const hidden = useEditor(editor, ({ guards, doc }) => isHidden(guards, doc, box))
  const number = (value: number) => format.number(value, { maximumFractionDigits: 1, useGrouping: false })
  const [x, y, width, height] = [number(box.x), number(box.y), number(box.width), number(box.height)]
  const isLow = ceilingOf(box, editor.getState().doc.image) < LOW_CEILING
  const attributes = useEditor(editor, (state) => state.attributes)
  const problems = problemsOf(editor.getState().doc, box, attributes)
  const values = Object.entries(box.attributes).map(([key, value]) =>
    typeof value === 'boolean' ? (value ? key : t('not', { name: key })) : `${key} ${value}`,
  )
  const wrong = problems.map(({ name: key, code }) =>
    code === 'missing' ? t('missing', { name: key }) : t('unfit', { name: key }),
  )
  const isOdd = isLow || problems.length > 0
  const notes = [locked && t('locked'), hidden && t('hidden'), isLow && t('low'), ...values, ...wrong].filter(
    (note) => note !== false,
  )
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={place + 1}
      aria-setsize={count}
      aria-label={[t('row', { name, x, y, width, height }), ...notes].join(', ')}
      data-box={[box.x, box.y, box.width, box.height].join(' ')}
      className={cn(
        'group absolute inset-x-0 flex cursor-default items-center gap-1.5 rounded-md px-1.5',
        isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)` }}
      onPointerDown={(event) => {
        const pressed = event.target instanceof Element && event.target.closest<HTMLElement>('[data-guard]')
        if (pressed) editor.setGuards(guarded(editor.getState().guards, box.id, pressed.dataset.guard))
        else onPress(box.id, event)
      }}
    >
      <Dot colour={colours.get(first) ?? '#888888'} hollow={hidden} />
      <span className={cn('min-w-0 flex-1 truncate', hidden && 'text-muted')}>
        {name}
        {values.length > 0 && <span className="ml-1.5 text-faint text-sm">{shortly(box)}</span>}
      </span>
      {isOdd && <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warning" />}
      <span data-numeric className="text-muted text-sm">
        {x}, {y} · {width} × {height}
      </span>
      <GuardIcon kind="lock" isOn={locked} />
      <GuardIcon kind="hide" isOn={hidden} />
    </div>
  )
})

/** Values without their names, as a person who knows the project reads them. */
function shortly({ attributes }: Box): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (typeof value === 'boolean' ? (value ? name : []) : String(value)))
    .join(' · ')
}

const ICONS = { lock: [LockOpen, Lock], hide: [Eye, EyeOff] } as const

/**
 * For the pointer only: an option of a list cannot hold buttons. Keys and the palette lock and hide what
 * is selected.
 */
function GuardIcon({ kind, isOn }: { kind: 'lock' | 'hide'; isOn: boolean }) {
  const Icon = ICONS[kind][isOn ? 1 : 0]
  return (
    <span
      aria-hidden
      data-guard={kind}
      className={cn(
        'rounded-sm p-0.5 hover:bg-active hover:text-text [&_svg]:size-3.5',
        isOn ? 'text-accent' : 'hidden text-muted group-hover:inline',
      )}
    >
      <Icon />
    </span>
  )
}

function guarded(guards: Guards, id: BoxId, kind: string | undefined): Guards {
  return kind === 'lock'
    ? { ...guards, lockedBoxes: toggled(guards.lockedBoxes, [id]) }
    : { ...guards, hiddenBoxes: toggled(guards.hiddenBoxes, [id]) }
}
