'use client'

import { useTranslations } from 'next-intl'
import { type MouseEvent, useCallback, useEffect, useRef } from 'react'
import type { CommentPoint } from '../../../server/contracts/comment.ts'
import { ImageId } from '../../../server/contracts/ids.ts'
import type { Editor } from '../../annotator/editor/editor.ts'
import type { EditorState } from '../../annotator/editor/state.ts'
import { useEditor } from '../../annotator/editor/use-editor.ts'
import { imagePoint, screenPoint } from '../../annotator/geometry/points.ts'
import { toScreen, type Viewport } from '../../annotator/geometry/viewport.ts'
import { usePainter } from '../../annotator/stage/use-painter.ts'
import { cn } from '../../ui/cn.ts'
import { Composer } from './composer.tsx'
import { numbersOf, pointAt, pointInView } from './pins.ts'
import { useCommentMutations, useThreads } from './use-comments.ts'

/** Room that the field for a new comment needs, CSS pixels. */
const FIELD = { width: 288, height: 96 }

/** off; waiting for the press that says where; or writing at that place. */
export type Placing = { at: 'off' } | { at: 'placing' } | { at: 'writing'; point: CommentPoint }

export interface PinsLayerProps {
  editor: Editor
  imageId: string
  placing: Placing
  onPlacing: (placing: Placing) => void
  active: string | null
  onActivate: (threadId: string) => void
}

/** The comments' pins over the picture, and the way to set another one. */
export function PinsLayer({ editor, imageId, placing, onPlacing, active, onActivate }: PinsLayerProps) {
  const t = useTranslations('team.comments')
  const threads = useThreads(imageId).data ?? []
  const numbers = numbersOf(threads)
  return (
    <div className="pointer-events-none absolute inset-0 overflow-hidden">
      {threads.map(({ id, point, resolvedAt, comments: [first] }) => {
        // A settled matter is out of the way unless it is looked at.
        if (!point || (resolvedAt && id !== active)) return null
        const number = numbers.get(id) ?? 0
        return (
          <Pin
            key={id}
            editor={editor}
            point={point}
            number={number}
            label={t('pin', { number, text: first.text })}
            title={`${first.author?.name ?? t('gone')}: ${first.text}`}
            isActive={id === active}
            onClick={() => onActivate(id)}
          />
        )
      })}
      {placing.at === 'placing' && <PlaceCatcher editor={editor} onPlacing={onPlacing} />}
      {placing.at === 'writing' && (
        <NewPin editor={editor} imageId={imageId} point={placing.point} onPlacing={onPlacing} />
      )}
    </div>
  )
}

interface PinProps {
  editor: Editor
  point: CommentPoint
  number: number
  label: string
  title: string
  isActive: boolean
  onClick: () => void
}

const pinNeeds = ({ viewport }: EditorState) => [viewport]

/** Follows the picture with the frames of the stage, not by rendering. */
function Pin({ editor, point: { x, y }, number, label, title, isActive, onClick }: PinProps) {
  const button = useRef<HTMLButtonElement>(null)
  const place = useCallback(
    ({ viewport }: EditorState) => {
      if (button.current) button.current.style.transform = placeOf(viewport, x, y)
    },
    [x, y],
  )
  usePainter(editor, pinNeeds, place)
  return (
    <button
      ref={button}
      type="button"
      aria-label={label}
      title={title}
      aria-pressed={isActive}
      onClick={onClick}
      style={{ transform: placeOf(editor.getState().viewport, x, y) }}
      className={cn(
        'pointer-events-auto absolute -top-6 left-0 grid h-6 min-w-6 place-items-center rounded-full rounded-bl-none border-2 border-white bg-accent px-1 font-semibold text-on-accent text-xs shadow-raised',
        isActive && 'ring-2 ring-accent',
      )}
    >
      {number}
    </button>
  )
}

function placeOf(viewport: Viewport, x: number, y: number): string {
  const [left, top] = toScreen(viewport, imagePoint(x, y))
  return `translate(${left}px, ${top}px)`
}

/** Takes the next press on the picture; Enter means the middle of what is seen, Escape nothing. */
function PlaceCatcher({ editor, onPlacing }: Pick<PinsLayerProps, 'editor' | 'onPlacing'>) {
  const t = useTranslations('team.comments')
  const catcher = useRef<HTMLButtonElement>(null)
  useEffect(() => catcher.current?.focus(), [])
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect()
    const state = editor.getState()
    const isPress = event.detail > 0
    const point = isPress
      ? pointAt(state, screenPoint(event.clientX - bounds.left, event.clientY - bounds.top))
      : pointInView(state)
    onPlacing({ at: 'writing', point })
  }
  return (
    <button
      ref={catcher}
      type="button"
      onClick={onClick}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        event.preventDefault()
        onPlacing({ at: 'off' })
      }}
      className="pointer-events-auto absolute inset-0 flex cursor-crosshair items-start justify-center pt-3"
    >
      <span className="rounded-lg border border-border bg-raised px-3 py-1 shadow-raised">{t('where')}</span>
    </button>
  )
}

function NewPin({
  editor,
  imageId,
  point,
  onPlacing,
}: Pick<PinsLayerProps, 'editor' | 'imageId' | 'onPlacing'> & { point: CommentPoint }) {
  const t = useTranslations('team.comments')
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  const { start } = useCommentMutations(imageId)
  const [x, y] = toScreen(viewport, imagePoint(point.x, point.y))
  const left = Math.max(8, Math.min(x, area.width - FIELD.width - 8))
  const top = Math.max(8, Math.min(y, area.height - FIELD.height - 8))
  const end = () => onPlacing({ at: 'off' })
  return (
    <>
      <span
        aria-hidden
        style={{ transform: `translate(${x}px, ${y}px)` }}
        className="absolute -top-6 left-0 size-6 rounded-full rounded-bl-none border-2 border-white bg-accent shadow-raised"
      />
      <div
        style={{ transform: `translate(${left}px, ${top}px)`, width: FIELD.width }}
        className="pointer-events-auto absolute top-0 left-0 rounded-lg border border-border bg-raised p-1.5 shadow-raised"
      >
        <Composer
          label={t('new')}
          isFocused
          onCancel={end}
          onSend={(text) => start.mutateAsync({ imageId: ImageId.parse(imageId), point, text }).then(end)}
        />
      </div>
    </>
  )
}
