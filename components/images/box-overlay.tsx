import type { ImageCard } from './use-image-list.ts'

export interface BoxOverlayProps {
  image: Pick<ImageCard, 'width' | 'height' | 'boxes'>
  colours: ReadonlyMap<string, string>
}

/**
 * Boxes over a picture that is shown with object-fit: contain; the viewBox fits the same way. A dark line
 * under each coloured one keeps it visible on any picture.
 */
export function BoxOverlay({ image, colours }: BoxOverlayProps) {
  const { width, height, boxes } = image
  if (boxes.length === 0) return null
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      className="pointer-events-none absolute inset-0 size-full"
      fill="none"
    >
      {boxes.map((box, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a card's boxes are drawn anew as a whole
        <g key={index}>
          <Outline box={box} stroke="#0006" strokeWidth={2.5} />
          <Outline box={box} stroke={colours.get(box.text) ?? PHRASE_COLOUR} strokeWidth={1.25} />
        </g>
      ))}
    </svg>
  )
}

/** Phrases are not classes and have no colour of their own. */
const PHRASE_COLOUR = '#a5b4fc'

interface OutlineProps {
  box: ImageCard['boxes'][number]
  stroke: string
  strokeWidth: number
}

function Outline({ box, stroke, strokeWidth }: OutlineProps) {
  return (
    <rect
      x={box.x}
      y={box.y}
      width={box.width}
      height={box.height}
      stroke={stroke}
      strokeWidth={strokeWidth}
      vectorEffect="non-scaling-stroke"
    />
  )
}
