'use client'

import { useTranslations } from 'next-intl'
import { type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Size } from '../../../server/grounding/coordinates.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useSettled } from '../editor/use-settled.ts'
import { screenPoint } from '../geometry/points.ts'
import {
  fitImage,
  onScreen,
  placed,
  rectToScreen,
  shownPart,
  toImage,
  type Viewport,
} from '../geometry/viewport.ts'
import { looksOf } from './looks.ts'
import { usePainter } from './use-painter.ts'

/** CSS pixels. */
const LARGEST = { width: 168, height: 126 }
/** Share of the image that may be out of sight before the map says more than the picture itself. */
const HIDDEN_SHARE = 0.02

export interface MinimapProps {
  editor: Editor
  picture: CanvasImageSource
  colours: ReadonlyMap<string, string>
}

/** The whole picture, small, with what is in sight; dragging moves the view. Gone while all is in sight. */
export function Minimap(props: MinimapProps) {
  const isOn = useEditor(props.editor, (state) => state.view.minimap)
  const hidden = useEditor(props.editor, (state) => !hidesPart(state))
  // Painted the first time it is needed; from then on it only hides, since one zooms in and out all the time.
  const [isMade, setMade] = useState(!hidden)
  if (!hidden && !isMade) setMade(true)
  return isOn && isMade ? <MapView {...props} hidden={hidden} /> : null
}

function hidesPart({ viewport, area, doc: { image } }: EditorState): boolean {
  // The image has just been opened and has no room yet.
  if (area.width === 0) return false
  const part = shownPart(viewport, area)
  const seen = overlap(part.x, part.width, image.width) * overlap(part.y, part.height, image.height)
  return seen < image.width * image.height * (1 - HIDDEN_SHARE)
}

const frameNeeds = ({ viewport, area }: EditorState) => [viewport, area]

function MapView({ editor, picture, colours, hidden }: MinimapProps & { hidden: boolean }) {
  const t = useTranslations('annotator.minimap')
  const turn = useEditor(editor, (state) => state.viewport.turn)
  const { image } = editor.getState().doc
  const map = useMemo(() => mapOf(image, turn), [image, turn])
  const canvas = useMapPainting(editor, map, picture, colours)
  const inSight = useRef<HTMLSpanElement>(null)
  const placeFrame = useCallback(
    ({ viewport, area }: EditorState) => {
      const { x, y, width, height } = rectToScreen(map.viewport, shownPart(viewport, area))
      if (!inSight.current) return
      Object.assign(inSight.current.style, {
        transform: `translate(${x}px, ${y}px)`,
        width: `${width}px`,
        height: `${height}px`,
      })
    },
    [map],
  )
  usePainter(editor, frameNeeds, placeFrame)

  const goTo = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 0) return
    const bounds = event.currentTarget.getBoundingClientRect()
    const at = toImage(map.viewport, screenPoint(event.clientX - bounds.left, event.clientY - bounds.top))
    const { viewport: now, area: room } = editor.getState()
    editor.setViewport(placed(now, at, screenPoint(room.width / 2, room.height / 2)))
  }
  return (
    <div
      role="img"
      hidden={hidden}
      aria-label={t('label')}
      className="absolute right-3 bottom-3 cursor-crosshair touch-none overflow-hidden rounded-md border border-border bg-sunken shadow-raised"
      style={{ width: map.width, height: map.height }}
      onPointerDown={(event) => {
        // The canvas below must not take it for a press of its own.
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        goTo(event)
      }}
      onPointerMove={(event) => {
        event.stopPropagation()
        goTo(event)
      }}
      onPointerUp={(event) => event.stopPropagation()}
    >
      <canvas ref={canvas} className="block size-full" />
      <span
        ref={inSight}
        aria-hidden
        className="pointer-events-none absolute top-0 left-0 rounded-xs border-2 border-accent bg-accent/10"
      />
    </div>
  )
}

interface MapLayout {
  viewport: Viewport
  width: number
  height: number
}

function mapOf(image: { width: number; height: number }, turn: Viewport['turn']): MapLayout {
  const { scale } = fitImage(image, LARGEST, { turn, largest: Number.POSITIVE_INFINITY, margin: 0 })
  const [width, height] = turn % 2 === 0 ? [image.width, image.height] : [image.height, image.width]
  const area = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) }
  return { ...area, viewport: fitImage(image, area, { turn, largest: scale, margin: 0 }) }
}

const SHOWN = ['doc', 'guards'] as const

/** Painted anew when a box or the turn changes, not while one pans. */
function useMapPainting(
  editor: Editor,
  map: MapLayout,
  picture: CanvasImageSource,
  colours: ReadonlyMap<string, string>,
) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const background = useMemo(
    () => smallPicture(editor.getState().doc.image, map, picture),
    [editor, map, picture],
  )
  const { doc, guards } = useSettled(editor, SHOWN) ?? {}
  useEffect(() => {
    const context = sized(canvas.current, map)
    if (!context) return
    context.drawImage(background, 0, 0, map.width, map.height)
    if (!doc || !guards) return
    const place = onScreen(map.viewport)
    for (const { box, colour } of looksOf({ doc, guards, active: null }, colours)) {
      const { x, y, width, height } = place(box)
      context.strokeStyle = colour
      context.strokeRect(x, y, width, height)
    }
  }, [doc, guards, map, background, colours])
  return canvas
}

/** Made small once: reading all pixels of a large picture again for every new box would be felt. */
function smallPicture(image: Size, map: MapLayout, picture: CanvasImageSource): HTMLCanvasElement {
  const small = document.createElement('canvas')
  const context = sized(small, map)
  const { viewport } = map
  context?.translate(viewport.x, viewport.y)
  context?.rotate((viewport.turn * Math.PI) / 2)
  context?.drawImage(picture, 0, 0, image.width * viewport.scale, image.height * viewport.scale)
  return small
}

/** A fresh canvas in the pixels of the screen, to be drawn on in CSS pixels. */
function sized(canvas: HTMLCanvasElement | null, { width, height }: Size): CanvasRenderingContext2D | null {
  if (!canvas) return null
  canvas.width = width * window.devicePixelRatio
  canvas.height = height * window.devicePixelRatio
  const context = canvas.getContext('2d')
  context?.scale(window.devicePixelRatio, window.devicePixelRatio)
  return context
}

function overlap(start: number, length: number, size: number): number {
  return Math.max(0, Math.min(size, start + length) - Math.max(0, start))
}
