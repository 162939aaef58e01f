import type { NodeShape } from '../contracts/chart.ts'

export interface Point {
  x: number
  y: number
}

/** A place in the units of the file it came from. */
export interface Frame extends Point {
  width: number
  height: number
}

export interface ChartNode {
  id: string
  /** null = words that stand free, without an outline. */
  shape: NodeShape | null
  /** Lines are separated by \n. */
  text: string
  /** Where the source has it; null = to be laid out. */
  frame: Frame | null
}

export type ConnectorHead = 'none' | 'arrow' | 'circle' | 'cross'

/** What a file that keeps positions says about the way of a connector. */
export interface DrawnWay {
  corners: Point[]
  isOrthogonal: boolean
  /** Where it leaves and enters, as shares of the frame; null = towards the next point. */
  exit: Point | null
  entry: Point | null
}

export interface ChartEdge {
  /** Ids of nodes or groups. */
  from: string
  to: string
  /** Words beside the line, or null. */
  text: string | null
  startHead: ConnectorHead
  endHead: ConnectorHead
  line: 'solid' | 'dashed' | 'thick'
  way: DrawnWay | null
}

/** A frame around shapes. */
export interface ChartGroup {
  id: string
  text: string
  /** Id of the group around this one. */
  parent: string | null
  /** Ids of the nodes directly in it. */
  members: string[]
  frame: Frame | null
}

export interface Chart {
  /** Of the file or page, for messages and file names. */
  name: string
  direction: 'TB' | 'BT' | 'LR' | 'RL'
  nodes: ChartNode[]
  edges: ChartEdge[]
  groups: ChartGroup[]
}

export function isArrow(edge: ChartEdge): boolean {
  return edge.startHead !== 'none' || edge.endHead !== 'none'
}
