'use client'

import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef, useState } from 'react'
import UPlot from 'uplot'
import { useShownTheme } from '../../app-shell/theme.ts'
import { type ChartColour, cssColour } from './css-colour.ts'

export interface ChartSeries {
  label: string
  /** One value for each x; null where this series has none. */
  values: readonly (number | null)[]
  colour: ChartColour
  /** 0..1 */
  alpha?: number
  width?: number
  /** For rare measurements: a dot at each value, with the line or alone. */
  dots?: 'onLine' | 'alone'
}

export interface LineChartProps {
  /** Accessible name: what the curve shows. */
  label: string
  x: readonly number[]
  series: readonly ChartSeries[]
  height: number
  /** Title of the box of values. */
  formatX: (x: number) => string
  /** A value in the box, and at the axis, where neighbours must not read alike. */
  formatY: (y: number, increment?: number) => string
}

interface Hover {
  index: number
  left: number
}

/** A curve on a canvas: drag to zoom, double-click to see all, values under the pointer in a box. */
export function LineChart({ label, x, series, height, formatX, formatY }: LineChartProps) {
  const theme = useShownTheme()
  const root = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot | null>(null)
  const [hover, setHover] = useState<Hover | null>(null)
  const data = useRef<UPlot.AlignedData>([[]])
  data.current = [[...x], ...series.map(({ values }) => [...values])]
  // What the chart is made of; new data alone does not make a new chart.
  const shape = JSON.stringify([
    height,
    series.map(({ label, colour, alpha, width, dots }) => [label, colour, alpha, width, dots]),
  ])
  const axis = useRef({ formatX, formatY })
  axis.current = { formatX, formatY }

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for `series`, `theme` for its colours
  useEffect(() => {
    const element = root.current
    if (!element) return
    const options = chartOptions(element.clientWidth, height, series, axis, setHover)
    const made = new UPlot(options, data.current, element)
    chart.current = made
    const observer = new ResizeObserver(([entry]) => {
      if (entry) made.setSize({ width: entry.contentRect.width, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [shape, theme])

  const points = x.length
  const newest = series.map(({ values }) => values.at(-1)).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: these tell that the data has changed
  useEffect(() => {
    chart.current?.setData(data.current)
  }, [points, newest, shape])

  return (
    <figure className="relative m-0">
      <div ref={root} role="img" aria-label={label} className="w-full" style={{ height }} />
      {hover && (
        <Values
          title={formatX(x[hover.index] ?? 0)}
          rows={series.flatMap(({ label, values, colour }) => {
            const value = values[hover.index]
            return value === null || value === undefined ? [] : [{ label, colour, text: formatY(value) }]
          })}
          left={hover.left}
        />
      )}
    </figure>
  )
}

function Values({
  title,
  rows,
  left,
}: {
  title: string
  rows: { label: string; colour: ChartColour; text: string }[]
  left: number
}) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-1 z-10 min-w-28 -translate-x-1/2 rounded-md border border-border bg-raised px-2 py-1 text-sm shadow-raised"
      style={{ left }}
    >
      <div className="text-muted tabular-nums">{title}</div>
      {rows.map((row) => (
        <div key={row.label} className="flex items-center gap-1.5 whitespace-nowrap">
          <span className="size-2 rounded-full" style={{ background: `var(--color-${row.colour})` }} />
          <span className="flex-1 text-muted">{row.label}</span>
          <span className="tabular-nums">{row.text}</span>
        </div>
      ))}
    </div>
  )
}

const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6]

function chartOptions(
  width: number,
  height: number,
  series: readonly ChartSeries[],
  axis: { current: Pick<LineChartProps, 'formatX' | 'formatY'> },
  onHover: (hover: Hover | null) => void,
): UPlot.Options {
  const line = { stroke: cssColour('muted'), grid: { stroke: cssColour('border'), width: 1 } }
  const ticks = { show: false }
  return {
    width,
    height,
    legend: { show: false },
    scales: { x: { time: false } },
    cursor: { y: false, drag: { x: true, y: false, setScale: true }, points: { size: 6 } },
    axes: [
      // Steps are whole; without this a run of three shows 1.25.
      { ...line, ticks, size: 24, gap: 4, grid: { show: false }, incrs: WHOLE_STEPS },
      {
        ...line,
        ticks,
        size: 52,
        gap: 6,
        values: (_chart, splits, _axis, _space, increment) =>
          splits.map((value) => axis.current.formatY(value, increment)),
      },
    ],
    series: [
      {},
      ...series.map(({ label, colour, alpha = 1, width: stroke = 1.5, dots }) => ({
        label,
        stroke: cssColour(colour),
        alpha,
        width: stroke,
        spanGaps: true,
        points: dots ? { show: true, size: 7, fill: cssColour(colour) } : { show: false },
        ...(dots === 'alone' ? { paths: () => null } : {}),
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor, bbox }) => {
          const { idx, left } = cursor
          const shown = idx !== null && idx !== undefined && left !== undefined && left >= 0
          onHover(shown ? { index: idx, left: left + bbox.left / devicePixelRatio } : null)
        },
      ],
    },
  }
}
