import { createCanvas } from '@napi-rs/canvas'
import sharp from 'sharp'
import type { ChartThing, DrawOptions } from '../contracts/chart.ts'
import type { Chart } from './chart.ts'
import { drawnBox, type PixelBox } from './drawing.ts'
import { addScan, paintScene } from './page.ts'
import type { Random } from './random.ts'
import { layOutScene, type Scene } from './scene.ts'
import type { ChartStyle } from './style.ts'

export interface DrawnThing {
  kind: ChartThing
  /** Position among the chart's nodes, edges or groups, as the kind says. */
  index: number
  /** Every pixel of the thing, outline and heads included. */
  box: PixelBox
}

export interface DrawnChart {
  /** An encoded picture: PNG or JPEG, as the style says. */
  bytes: Buffer
  extension: 'png' | 'jpg'
  mediaType: 'image/png' | 'image/jpeg'
  width: number
  height: number
  things: DrawnThing[]
}

/** Lays out, paints and measures one chart. @throws ChartTooLarge */
export async function drawChart(
  chart: Chart,
  style: ChartStyle,
  options: Pick<DrawOptions, 'size' | 'layout'>,
  random: Random,
): Promise<DrawnChart> {
  const scene = layOutScene(chart, style, options, random)
  const things = boxesOf(scene)
  const { width, height } = scene
  const bytes = await encode(scene, random)
  return style.jpeg === null
    ? { bytes, extension: 'png', mediaType: 'image/png', width, height, things }
    : { bytes, extension: 'jpg', mediaType: 'image/jpeg', width, height, things }
}

/** The boxes of all things, by looking at the pixels that each draws. */
export function boxesOf(scene: Scene): DrawnThing[] {
  return scene.things.flatMap(({ kind, index, drawing }) => {
    const box = drawnBox(drawing, scene)
    return box ? [{ kind, index, box }] : []
  })
}

/** sharp, because the canvas's own PNG encoder takes five times as long (18 ms) and keeps an alpha channel. */
async function encode(scene: Scene, random: Random): Promise<Buffer> {
  const { width, height, style } = scene
  const canvas = createCanvas(width, height).getContext('2d')
  paintScene(canvas, scene)
  const { data } = canvas.getImageData(0, 0, width, height)
  if (style.scan) addScan(data, scene, style.scan, random)
  const picture = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha()
  if (style.blur > 0) picture.blur(style.blur)
  return style.jpeg === null
    ? picture.png({ compressionLevel: 1 }).toBuffer()
    : picture.jpeg({ quality: style.jpeg }).toBuffer()
}
