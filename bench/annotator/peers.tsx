// What the editor is measured against: the picture alone, which no program can avoid to draw, and one react-konva
// node for each box, as annotation tools usually have it.
import Konva from 'konva'
import { useEffect, useMemo, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Image, Layer, Rect, Stage } from 'react-konva'
import { screenPoint } from '../../components/annotator/geometry/points.ts'
import { fitImage, panBy, type Viewport, zoomAt } from '../../components/annotator/geometry/viewport.ts'
import type { SeedBox } from './seed.ts'

export interface Scene {
  /** CSS pixels. */
  area: { width: number; height: number }
  image: { width: number; height: number }
  pictureUrl: string
  boxes: readonly SeedBox[]
  colours: readonly string[]
}

export interface Peers {
  drawPicture: (scene: Scene) => Promise<void>
  /** @returns milliseconds until all nodes are there and drawn */
  drawNodes: (scene: Scene) => Promise<number>
}

declare global {
  interface Window {
    peers: Peers
  }
}

const ZOOM_PER_PIXEL = 0.0018

function turned(viewport: Viewport, event: WheelEvent): Viewport {
  if (event.deltaX !== 0) return panBy(viewport, -event.deltaX, 0)
  return zoomAt(viewport, screenPoint(event.clientX, event.clientY), Math.exp(-event.deltaY * ZOOM_PER_PIXEL))
}

function freshContainer(): HTMLDivElement {
  const container = document.createElement('div')
  container.id = 'stage'
  document.body.replaceChildren(container)
  return container
}

async function load(url: string): Promise<HTMLImageElement> {
  const picture = new window.Image()
  picture.src = url
  await picture.decode()
  return picture
}

async function drawPicture({ area, image, pictureUrl }: Scene): Promise<void> {
  const container = freshContainer()
  const stage = new Konva.Stage({ container, ...area, listening: false })
  const layer = new Konva.Layer({ listening: false })
  const picture = new Konva.Image({ image: await load(pictureUrl), ...image })
  stage.add(layer.add(picture))
  let viewport = fitImage(image, area)
  const show = () => {
    picture.position(viewport)
    picture.scale({ x: viewport.scale, y: viewport.scale })
    layer.batchDraw()
  }
  show()
  container.addEventListener('wheel', (event) => {
    viewport = turned(viewport, event)
    show()
  })
}

function Nodes({
  scene,
  picture,
  onDrawn,
}: {
  scene: Scene
  picture: HTMLImageElement
  onDrawn: () => void
}) {
  const { area, image, boxes, colours } = scene
  const [viewport, setViewport] = useState(() => fitImage(image, area))
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const onWheel = (event: WheelEvent) => setViewport((before) => turned(before, event))
    const element = frame.current
    element?.addEventListener('wheel', onWheel)
    return () => element?.removeEventListener('wheel', onWheel)
  }, [])
  useEffect(onDrawn, [onDrawn])
  // Kept from one turn of the wheel to the next, to the peers' advantage: most of them render every box again.
  const nodes = useMemo(
    () =>
      boxes.map(({ label, ...rect }, place) => (
        <Rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the boxes never change
          key={place}
          {...rect}
          stroke={colours[label]}
          strokeWidth={1.5}
          strokeScaleEnabled={false}
          perfectDrawEnabled={false}
        />
      )),
    [boxes, colours],
  )
  const { x, y, scale } = viewport
  return (
    <div ref={frame}>
      <Stage {...area} x={x} y={y} scaleX={scale} scaleY={scale}>
        <Layer listening={false}>
          <Image image={picture} {...image} />
        </Layer>
        <Layer>{nodes}</Layer>
      </Stage>
    </div>
  )
}

async function drawNodes(scene: Scene): Promise<number> {
  const picture = await load(scene.pictureUrl)
  const started = performance.now()
  const container = freshContainer()
  const drawn = new Promise<void>((onDrawn) =>
    createRoot(container).render(<Nodes scene={scene} picture={picture} onDrawn={onDrawn} />),
  )
  await drawn
  // Konva draws in the frame after React has made the nodes.
  await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  return performance.now() - started
}

window.peers = { drawPicture, drawNodes }
