import {
  type AttributeASTNode,
  type ClusterStatementASTNode,
  type DotASTNode,
  type EdgeASTNode,
  type LiteralASTNode,
  type NodeRefASTNode,
  parse,
} from '@ts-graphviz/ast'
import type { Chart, ChartEdge, ChartGroup, ChartNode, ConnectorHead } from '../../chart.ts'
import { decodeEntities, tidy } from '../label-text.ts'
import { type Notes, SourceRefused } from '../report.ts'
import { DOT_SHAPES } from './shapes.ts'

/** Reads the graphs of a Graphviz file. @throws SourceRefused */
export function readDot(text: string, name: string, notes: Notes): Chart[] {
  const graphs = parsed(text).children.filter((statement) => statement.type === 'Graph')
  return graphs.map((graph, at) => {
    const title = graphs.length === 1 ? name : `${name} ${graph.id?.value ?? at + 1}`
    const reader = new DotReader(title, graph.directed, notes)
    reader.readAll(graph.children, { group: null, node: new Map(), edge: new Map() })
    return reader.chart()
  })
}

function parsed(text: string): DotASTNode {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DotSyntaxError') throw error
    const found = /but (.*) found/.exec(error.message)?.[1] ?? error.message
    throw new SourceRefused('dotSyntax', lineOfSyntaxError(error.cause), found)
  }
}

/** The parser hands the place on as the cause of its error, without a type. */
function lineOfSyntaxError(cause: unknown): number | null {
  const { location } = (cause ?? {}) as { location?: { start?: { line?: unknown } } }
  return typeof location?.start?.line === 'number' ? location.start.line : null
}

type Attributes = Map<string, LiteralASTNode>

/** What holds for statements at one place of the file. */
interface Scope {
  group: ChartGroup | null
  /** Defaults, which inner subgraphs inherit and change for themselves. */
  node: Attributes
  edge: Attributes
}

/** Attributes that change how a chart looks and not what is on it. */
const LOOKS = /color|style|font|pen|bgcolor|fillcolor|gradient|url|href|tooltip|image/i
const HEADS: Readonly<Record<string, ConnectorHead>> = {
  none: 'none',
  dot: 'circle',
  odot: 'circle',
  tee: 'cross',
}

class DotReader {
  readonly #chart: Chart
  readonly #isDirected: boolean
  readonly #notes: Notes
  readonly #nodes = new Map<string, ChartNode>()

  constructor(name: string, isDirected: boolean, notes: Notes) {
    this.#chart = { name, direction: 'TB', nodes: [], edges: [], groups: [] }
    this.#isDirected = isDirected
    this.#notes = notes
  }

  chart(): Chart {
    const groups = this.#chart.groups.filter(({ id }) => this.#hasNodes(id))
    return { ...this.#chart, nodes: [...this.#nodes.values()], groups }
  }

  #hasNodes(groupId: string): boolean {
    const { groups } = this.#chart
    const own = groups.find(({ id }) => id === groupId)?.members.length ?? 0
    return own > 0 || groups.some(({ id, parent }) => parent === groupId && this.#hasNodes(id))
  }

  readAll(statements: readonly ClusterStatementASTNode[], scope: Scope): void {
    for (const statement of statements) this.#read(statement, scope)
  }

  #read(statement: ClusterStatementASTNode, scope: Scope): void {
    switch (statement.type) {
      case 'Comment':
        return
      case 'Attribute':
        this.#graphAttribute(statement, scope)
        return
      case 'AttributeList': {
        const attributes = statement.children.filter((child) => child.type === 'Attribute')
        if (statement.kind === 'Graph') for (const one of attributes) this.#graphAttribute(one, scope)
        else {
          const defaults = statement.kind === 'Node' ? scope.node : scope.edge
          for (const [key, value] of this.#attributes(attributes)) defaults.set(key, value)
        }
        return
      }
      case 'Node':
        this.#node(statement.id, scope, this.#attributes(statement.children))
        return
      case 'Edge':
        this.#edge(statement, scope)
        return
      case 'Subgraph': {
        const id = statement.id?.value ?? ''
        const inner = { ...scope, node: new Map(scope.node), edge: new Map(scope.edge) }
        if (id.toLowerCase().startsWith('cluster')) {
          inner.group = { id, text: '', parent: scope.group?.id ?? null, members: [], frame: null }
          this.#chart.groups.push(inner.group)
        }
        this.readAll(statement.children, inner)
      }
    }
  }

  #graphAttribute({ key, value, location }: AttributeASTNode, { group }: Scope): void {
    if (key.value === 'label' && group) group.text = this.#label(value)
    else if (key.value === 'rankdir' && isDirection(value.value)) this.#chart.direction = value.value
    else if (LOOKS.test(key.value)) this.#notes.add('stylingIgnored', location?.start.line ?? null, key.value)
  }

  #attributes(children: readonly { type: string }[]): Attributes {
    const attributes: Attributes = new Map()
    for (const child of children) {
      if (!isAttribute(child)) continue
      attributes.set(child.key.value, child.value)
      if (LOOKS.test(child.key.value) && child.key.value !== 'style') {
        this.#notes.add('stylingIgnored', child.location?.start.line ?? null, child.key.value)
      }
    }
    return attributes
  }

  #node({ value: id, quoted, location }: LiteralASTNode, scope: Scope, own: Attributes): string {
    const line = location?.start.line ?? null
    // The parser takes the word for a name where a whole subgraph is the end of an arrow.
    if (quoted === false && id.toLowerCase() === 'subgraph') throw new SourceRefused('dotSyntax', line, id)
    const known = this.#nodes.get(id)
    const node: ChartNode = known ?? { id, shape: 'ellipse', text: id, frame: null }
    const attributes = known ? own : new Map([...scope.node, ...own])
    const label = attributes.get('label')
    if (label) node.text = this.#label(label).replaceAll('\\N', id)
    const shape = attributes.get('shape')?.value.toLowerCase()
    const isRounded = attributes.get('style')?.value.includes('rounded') ?? false
    if (shape?.includes('record')) throw new SourceRefused('dotRecord', line, id)
    if (shape !== undefined) {
      const drawn = DOT_SHAPES[shape]
      if (drawn === undefined) this.#notes.add('unknownShape', line, shape)
      node.shape = drawn === undefined ? 'rectangle' : drawn
    }
    if (isRounded && node.shape === 'rectangle') node.shape = 'rounded'
    if (!known) this.#nodes.set(id, node)
    // Graphviz takes a node into the first cluster that speaks of it, wherever it was made.
    const isMember = this.#chart.groups.some(({ members }) => members.includes(id))
    if (!isMember) scope.group?.members.push(id)
    return id
  }

  #edge({ targets, children, location }: EdgeASTNode, scope: Scope): void {
    const own = new Map([...scope.edge, ...this.#attributes(children)])
    const line = location?.start.line ?? null
    const ends = targets.map((target) => {
      const refs = target.type === 'NodeRef' ? [target] : target.children
      return refs.map((ref) => this.#end(ref, scope, line))
    })
    const label = own.get('label')
    const looks = { text: (label && this.#label(label)) || null, ...this.#heads(own), line: lineOf(own) }
    ends.slice(1).forEach((to, at) => {
      for (const from of ends[at] ?? []) {
        for (const end of to) this.#chart.edges.push({ from, to: end, ...looks, way: null })
      }
    })
  }

  #end({ id, port, compass }: NodeRefASTNode, scope: Scope, line: number | null): string {
    if (port || compass) this.#notes.add('portIgnored', line, `${id.value}:${(port ?? compass)?.value}`)
    return this.#node(id, scope, new Map())
  }

  #heads(attributes: Attributes): Pick<ChartEdge, 'startHead' | 'endHead'> {
    const direction = attributes.get('dir')?.value ?? (this.#isDirected ? 'forward' : 'none')
    const head = (key: string): ConnectorHead => {
      const name = attributes.get(key)?.value
      return name === undefined ? 'arrow' : (HEADS[name] ?? 'arrow')
    }
    return {
      startHead: direction === 'back' || direction === 'both' ? head('arrowtail') : 'none',
      endHead: direction === 'forward' || direction === 'both' ? head('arrowhead') : 'none',
    }
  }

  /** Graphviz's escapes: \n, \l and \r end a line. */
  #label({ value, quoted, location }: LiteralASTNode): string {
    if (quoted === 'html') throw new SourceRefused('dotHtmlLabel', location?.start.line ?? null, value)
    const lines = value
      .replaceAll(/\\\n/g, '')
      .replaceAll(/\\[nlr]/g, '\n')
      .replaceAll('\\G', this.#chart.name)
    return tidy(decodeEntities(lines.replaceAll(/\\([^N])/g, '$1'), /&(#?\w+);/g))
  }
}

function lineOf(attributes: Attributes): ChartEdge['line'] {
  const style = attributes.get('style')?.value ?? ''
  if (/dashed|dotted/.test(style)) return 'dashed'
  return /bold/.test(style) || Number(attributes.get('penwidth')?.value) >= 2 ? 'thick' : 'solid'
}

function isDirection(value: string): value is Chart['direction'] {
  return value === 'TB' || value === 'BT' || value === 'LR' || value === 'RL'
}

function isAttribute(child: { type: string }): child is AttributeASTNode {
  return child.type === 'Attribute'
}
