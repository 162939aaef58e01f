import type { NodeShape } from '../../../contracts/chart.ts'

export type CellStyle = ReadonlyMap<string, string>

/** `rounded=1;whiteSpace=wrap` and a leading bare name, which stands for itself. */
export function readStyle(style: string): CellStyle {
  const pairs = style.split(';').flatMap((part): [string, string][] => {
    const [key = '', ...value] = part.split('=')
    return key.trim() === '' ? [] : [[key.trim(), value.join('=')]]
  })
  return new Map(pairs)
}

/** Names of draw.io's shapes, with and without the prefix of its flowchart set. */
const SHAPES: Readonly<Record<string, NodeShape>> = Object.fromEntries(
  Object.entries({
    rectangle: 'rectangle label ext process1 card',
    rounded: 'alternate_process',
    stadium: 'terminator',
    circle: 'start_1 start_2 on-page_reference',
    doubleCircle: 'doubleEllipse endState',
    ellipse: 'ellipse',
    diamond: 'rhombus decision',
    parallelogram: 'parallelogram data manual_input',
    document: 'document document2 multi-document',
    cylinder: 'cylinder cylinder2 cylinder3 datastore database direct_data stored_data',
    subroutine: 'process predefined_process',
    hexagon: 'hexagon preparation',
    trapezoid: 'trapezoid',
    trapezoidAlt: 'manual_operation',
    flag: 'step offPageConnector off-page_reference',
  } satisfies Partial<Record<NodeShape, string>>).flatMap(([shape, names]) =>
    names.split(' ').map((name) => [name, shape as NodeShape]),
  ),
)

/** @returns the shape, null for words alone, or the name of a shape that we do not know */
export function shapeOfStyle(style: CellStyle): NodeShape | null | { unknown: string } {
  const named = style.get('shape')
  if (named !== undefined) {
    const plain = named.replace(/^mxgraph\.flowchart\./, '')
    // draw.io's own process is a plain box in its flowchart set and a subroutine as a basic shape.
    if (named === 'mxgraph.flowchart.process') return 'rectangle'
    return SHAPES[plain] ?? { unknown: named }
  }
  if (style.has('text') || style.has('edgeLabel')) return null
  if (style.has('rhombus')) return 'diamond'
  if (style.has('doubleEllipse')) return 'doubleCircle'
  if (style.has('ellipse')) return style.get('aspect') === 'fixed' ? 'circle' : 'ellipse'
  if (style.has('triangle')) return { unknown: 'triangle' }
  if (style.get('rounded') === '1') return Number(style.get('arcSize') ?? 0) >= 40 ? 'stadium' : 'rounded'
  return 'rectangle'
}
