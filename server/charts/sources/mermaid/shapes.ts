import type { NodeShape } from '../../../contracts/chart.ts'

/** Brackets around a node's text, the longest opening first: `((` must not be read as `(` and `(`. */
export const BRACKETS: readonly { open: string; close: string; shape: NodeShape }[] = [
  { open: '(((', close: ')))', shape: 'doubleCircle' },
  { open: '((', close: '))', shape: 'circle' },
  { open: '([', close: '])', shape: 'stadium' },
  { open: '[(', close: ')]', shape: 'cylinder' },
  { open: '[[', close: ']]', shape: 'subroutine' },
  { open: '[/', close: '/]', shape: 'parallelogram' },
  { open: '[/', close: '\\]', shape: 'trapezoid' },
  { open: '[\\', close: '\\]', shape: 'parallelogramAlt' },
  { open: '[\\', close: '/]', shape: 'trapezoidAlt' },
  { open: '{{', close: '}}', shape: 'hexagon' },
  { open: '{', close: '}', shape: 'diamond' },
  { open: '(-', close: '-)', shape: 'ellipse' },
  { open: '(', close: ')', shape: 'rounded' },
  { open: '[', close: ']', shape: 'rectangle' },
  { open: '>', close: ']', shape: 'flag' },
]

/** Names of `id@{ shape: name }`, from Mermaid's table of new shapes, as far as we draw them. */
export const NAMED_SHAPES: Readonly<Record<string, NodeShape>> = Object.fromEntries(
  Object.entries({
    rectangle: 'rect proc process rectangle',
    rounded: 'rounded event',
    stadium: 'stadium terminal pill',
    subroutine: 'fr-rect subprocess subproc framed-rectangle subroutine lin-rect lined-process',
    cylinder: 'cyl db database cylinder lin-cyl disk',
    circle: 'circle circ sm-circ small-circle start',
    doubleCircle: 'dbl-circ double-circle fr-circ stop framed-circle',
    diamond: 'diam decision diamond question',
    hexagon: 'hex hexagon prepare',
    parallelogram: 'lean-r lean-right in-out',
    parallelogramAlt: 'lean-l lean-left out-in',
    trapezoid: 'trap-b priority trapezoid-bottom trapezoid',
    trapezoidAlt: 'trap-t manual trapezoid-top inv-trapezoid',
    document: 'doc document',
    flag: 'odd',
    ellipse: 'ellipse',
  } satisfies Partial<Record<NodeShape, string>>).flatMap(([shape, names]) =>
    names.split(' ').map((name) => [name, shape as NodeShape]),
  ),
)
