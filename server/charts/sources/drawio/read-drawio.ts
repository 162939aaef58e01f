import type { Chart, ChartEdge, ChartGroup, ChartNode, ConnectorHead, Frame, Point } from '../../chart.ts'
import { plainText } from '../label-text.ts'
import { type Notes, SourceRefused } from '../report.ts'
import { type DrawioPage, readPages } from './pages.ts'
import { type CellStyle, readStyle, shapeOfStyle } from './shapes.ts'
import { childrenNamed, type XmlElement } from './xml.ts'

/** Reads every page of a draw.io file that has shapes on it, positions included. @throws SourceRefused */
export function readDrawio(text: string, name: string, notes: Notes): Chart[] {
  return readPages(text, name).flatMap((page) => {
    const chart = new PageReader(page, notes).read()
    if (chart.nodes.length > 0) return [chart]
    notes.add('emptyPage', null, page.name)
    return []
  })
}

interface Cell {
  id: string
  parent: string
  value: string
  style: CellStyle
  element: XmlElement
  geometry: XmlElement | null
  /** For messages; null on a compressed page. */
  line: number | null
}

const HEADS: Readonly<Record<string, ConnectorHead>> = {
  none: 'none',
  oval: 'circle',
  circle: 'circle',
  cross: 'cross',
}

class PageReader {
  readonly #page: DrawioPage
  readonly #notes: Notes
  readonly #cells: Map<string, Cell>

  constructor(page: DrawioPage, notes: Notes) {
    this.#page = page
    this.#notes = notes
    const [root] = childrenNamed(page.model, 'root')
    const cells = (root?.children ?? []).flatMap((element) => this.#cell(element) ?? [])
    this.#cells = new Map(cells.map((cell) => [cell.id, cell]))
  }

  read(): Chart {
    const cells = [...this.#cells.values()]
    const edges = cells.filter(({ element }) => element.attributes.edge === '1')
    const isEdge = new Set(edges.map(({ id }) => id))
    const isWord = (cell: Cell) => isEdge.has(cell.parent)
    const vertices = cells.filter((cell) => cell.element.attributes.vertex === '1' && !isWord(cell))
    const isFrame = (cell: Cell) => cell.style.has('swimlane') || cell.style.get('container') === '1'
    // What draw.io groups without a frame is only held together, nothing is drawn.
    const isInvisible = ({ style }: Cell) => style.has('group') && !style.has('swimlane')
    const groups = vertices.filter((cell) => isFrame(cell) && !isInvisible(cell) && this.#isParent(cell))
    const isGroup = new Set(groups.map(({ id }) => id))
    const nodes = vertices.filter((cell) => !isGroup.has(cell.id) && !isInvisible(cell))
    const chart: Chart = {
      name: this.#page.name,
      direction: 'TB',
      nodes: nodes.map((cell) => this.#node(cell)),
      edges: [],
      groups: groups.map((cell) => this.#group(cell, nodes, isGroup)),
    }
    const ends = new Set([...chart.nodes, ...chart.groups].map(({ id }) => id))
    const words = cells.filter((cell) => isWord(cell))
    chart.edges = edges.flatMap((cell) => this.#edge(cell, words, ends) ?? [])
    chart.groups = chart.groups.filter(({ id }) => hasNodes(chart.groups, id))
    return chart
  }

  /** `<object label="…"><mxCell/></object>` is a cell with data of its own. */
  #cell(element: XmlElement): Cell | null {
    const [inner] = element.name === 'mxCell' ? [element] : childrenNamed(element, 'mxCell')
    const id = element.attributes.id ?? inner?.attributes.id
    if (!inner || id === undefined) return null
    return {
      id,
      parent: inner.attributes.parent ?? '',
      value: element.attributes.label ?? inner.attributes.value ?? '',
      style: readStyle(inner.attributes.style ?? ''),
      element: inner,
      geometry: childrenNamed(inner, 'mxGeometry')[0] ?? null,
      line: this.#page.isCompressed ? null : element.line,
    }
  }

  #isParent({ id }: Cell): boolean {
    return [...this.#cells.values()].some(({ parent }) => parent === id)
  }

  #node(cell: Cell): ChartNode {
    const shape = shapeOfStyle(cell.style)
    const isUnknown = shape !== null && typeof shape === 'object'
    if (isUnknown) this.#notes.add('unknownShape', cell.line, shape.unknown)
    return {
      id: cell.id,
      shape: isUnknown ? 'rectangle' : shape,
      text: plainText(cell.value),
      frame: this.#frame(cell),
    }
  }

  #group(cell: Cell, nodes: readonly Cell[], isGroup: ReadonlySet<string>): ChartGroup {
    const owner = ({ parent }: Cell): string | null => {
      if (isGroup.has(parent)) return parent
      const above = this.#cells.get(parent)
      return above ? owner(above) : null
    }
    return {
      id: cell.id,
      text: plainText(cell.value),
      parent: owner(cell),
      members: nodes.filter((node) => owner(node) === cell.id).map(({ id }) => id),
      frame: this.#frame(cell),
    }
  }

  #frame(cell: Cell): Frame {
    const { x = '0', y = '0', width, height } = cell.geometry?.attributes ?? {}
    const origin = this.#origin(cell)
    const frame = {
      x: Number(x) + origin.x,
      y: Number(y) + origin.y,
      width: Number(width),
      height: Number(height),
    }
    const isSound = Object.values(frame).every(Number.isFinite) && frame.width > 0 && frame.height > 0
    if (!isSound) throw new SourceRefused('drawioGeometry', cell.line, plainText(cell.value) || cell.id)
    return frame
  }

  /** Places are relative to the parent; layers and the root lie at the corner of the page. */
  #origin({ parent }: Cell): Point {
    const above = this.#cells.get(parent)
    if (above?.element.attributes.vertex !== '1') return { x: 0, y: 0 }
    const { x = '0', y = '0' } = above.geometry?.attributes ?? {}
    const further = this.#origin(above)
    return { x: Number(x) + further.x, y: Number(y) + further.y }
  }

  #edge(cell: Cell, words: readonly Cell[], ends: ReadonlySet<string>): ChartEdge | null {
    const { source, target } = cell.element.attributes
    const own = [cell, ...words.filter(({ parent }) => parent === cell.id)]
    const text = own
      .map(({ value }) => plainText(value))
      .filter((value) => value !== '')
      .join('\n')
    if (source === undefined || target === undefined || !ends.has(source) || !ends.has(target)) {
      this.#notes.add('looseArrow', cell.line, text || cell.id)
      return null
    }
    const { style } = cell
    const head = (key: string, usual: ConnectorHead): ConnectorHead => {
      const name = style.get(key)
      return name === undefined ? usual : (HEADS[name] ?? 'arrow')
    }
    const origin = this.#origin(cell)
    const corners = cell.geometry?.children
      .filter(({ name, attributes }) => name === 'Array' && attributes.as === 'points')
      .flatMap((list) => childrenNamed(list, 'mxPoint'))
      .map(({ attributes: { x = '0', y = '0' } }) => ({ x: Number(x) + origin.x, y: Number(y) + origin.y }))
    return {
      from: source,
      to: target,
      text: text || null,
      startHead: head('startArrow', 'none'),
      endHead: head('endArrow', 'arrow'),
      line:
        style.get('dashed') === '1' ? 'dashed' : Number(style.get('strokeWidth')) >= 2 ? 'thick' : 'solid',
      way: {
        corners: corners ?? [],
        isOrthogonal: /orthogonal|elbow/i.test(style.get('edgeStyle') ?? ''),
        exit: share(style, 'exit'),
        entry: share(style, 'entry'),
      },
    }
  }
}

function share(style: CellStyle, end: 'exit' | 'entry'): Point | null {
  const x = style.get(`${end}X`)
  const y = style.get(`${end}Y`)
  return x === undefined || y === undefined ? null : { x: Number(x), y: Number(y) }
}

function hasNodes(groups: readonly ChartGroup[], id: string): boolean {
  const own = groups.find((group) => group.id === id)
  return (
    (own?.members.length ?? 0) > 0 ||
    groups.some((inner) => inner.parent === id && hasNodes(groups, inner.id))
  )
}
