'use client'

import { useTranslations } from 'next-intl'
import { type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { isHidden } from '../document/guards.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { screenPoint } from '../geometry/points.ts'
import { fitImage, placed, rectToScreen, shownPart, toImage, type Viewport } from '../geometry/viewport.ts'
import { paintedBox } from './visible-boxes.ts'

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
export function Minimap({ editor, picture, colours }: MinimapProps) {
  const isOn = useEditor(editor, (state) => state.view.minimap)
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  const { image } = editor.getState().doc
  if (!isOn) return null
  const part = shownPart(viewport, area)
  const seen = overlap(part.x, part.width, image.width) * overlap(part.y, part.height, image.height)
  if (seen >= image.width * image.height * (1 - HIDDEN_SHARE)) return null
  return <MapView editor={editor} picture={picture} colours={colours} />
}

function MapView({ editor, picture, colours }: MinimapProps) {
  const t = useTranslations('annotator.minimap')
  const viewport = useEditor(editor, (state) => state.viewport)
  const area = useEditor(editor, (state) => state.area)
  const { image } = editor.getState().doc
  const map = useMemo(() => mapOf(image, viewport.turn), [image, viewport.turn])
  const canvas = useMapPainting(editor, map, picture, colours)
  const frame = rectToScreen(map.viewport, shownPart(viewport, area))

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
        aria-hidden
        className="pointer-events-none absolute rounded-xs border-2 border-accent bg-accent/10"
        style={{ left: frame.x, top: frame.y, width: frame.width, height: frame.height }}
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

/** Painted anew when a box or the turn changes, not while one pans. */
function useMapPainting(
  editor: Editor,
  { viewport, width, height }: MapLayout,
  picture: CanvasImageSource,
  colours: ReadonlyMap<string, string>,
) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const doc = useEditor(editor, (state) => state.doc)
  const guards = useEditor(editor, (state) => state.guards)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context) return
    const ratio = window.devicePixelRatio
    canvas.current.width = width * ratio
    canvas.current.height = height * ratio
    context.scale(ratio, ratio)
    context.save()
    context.translate(viewport.x, viewport.y)
    context.rotate((viewport.turn * Math.PI) / 2)
    context.drawImage(picture, 0, 0, doc.image.width * viewport.scale, doc.image.height * viewport.scale)
    context.restore()
    const { view } = editor.getState()
    for (const box of doc.boxes.values()) {
      if (isHidden(guards, doc, box)) continue
      const { rect, colour } = paintedBox(box, { doc, viewport, active: null, guards, view }, colours)
      context.strokeStyle = colour
      context.strokeRect(rect.x, rect.y, rect.width, rect.height)
    }
  }, [editor, doc, guards, viewport, width, height, picture, colours])
  return canvas
}

function overlap(start: number, length: number, size: number): number {
  return Math.max(0, Math.min(size, start + length) - Math.max(0, start))
}
