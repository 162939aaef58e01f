import type { NodeShape } from '../../../contracts/chart.ts'

/** Graphviz's shapes (graphviz.org/doc/info/shapes.html) as far as we draw them; null = words only. */
export const DOT_SHAPES: Readonly<Record<string, NodeShape | null>> = Object.fromEntries(
  (
    [
      ['rectangle', 'box rect rectangle square polygon'],
      ['ellipse', 'ellipse oval egg'],
      ['circle', 'circle point mcircle'],
      ['doubleCircle', 'doublecircle'],
      ['diamond', 'diamond mdiamond'],
      ['parallelogram', 'parallelogram'],
      ['trapezoid', 'trapezium house'],
      ['trapezoidAlt', 'invtrapezium invhouse'],
      ['hexagon', 'hexagon'],
      ['cylinder', 'cylinder'],
      ['document', 'note'],
      ['flag', 'cds'],
      [null, 'plaintext plain none'],
    ] satisfies [NodeShape | null, string][]
  ).flatMap(([shape, names]) => names.split(' ').map((name) => [name, shape])),
)
