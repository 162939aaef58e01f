import type { Chart, ChartGroup, ChartNode } from '../../chart.ts'
import { decodeEntities, plainText, tidy } from '../label-text.ts'
import { type Notes, SourceRefused } from '../report.ts'
import { takeLink } from './links.ts'
import { Scanner } from './scanner.ts'
import { BRACKETS, NAMED_SHAPES } from './shapes.ts'

/**
 * Reads a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html). Our own reader, because Mermaid's is
 * part of its drawing library, which needs a browser and takes 150 MB.
 * @throws SourceRefused
 */
export function readMermaid(text: string, name: string, notes: Notes): Chart {
  return new MermaidReader(text, name, notes).read()
}

/** A minus belongs to a name only between letters: `a-b` is a name, `a--b` begins a link. */
const NAME = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.]|-(?=[\p{L}\p{N}_]))*/uy
const BLANKS = /[ \t]*/y
const STATEMENT_END = /[ \t]*(?:;|\r?\n|$)\s*/y
/** Statements about looks and clicks, up to the end of their line. */
const STYLING = /(classDef|class|style|linkStyle|click|accTitle|accDescr)\b[^\n;]*/y

const DIRECTIONS: Record<string, Chart['direction']> = {
  TB: 'TB',
  TD: 'TB',
  BT: 'BT',
  LR: 'LR',
  RL: 'RL',
  '>': 'LR',
  '<': 'RL',
  '^': 'BT',
  v: 'TB',
}

class MermaidReader {
  readonly #scanner: Scanner
  readonly #notes: Notes
  readonly #chart: Chart
  readonly #nodes = new Map<string, ChartNode>()
  /** Groups that are open, with the line of their beginning. */
  readonly #open: { group: ChartGroup; line: number }[] = []

  constructor(text: string, name: string, notes: Notes) {
    this.#scanner = new Scanner(withoutComments(text))
    this.#notes = notes
    this.#chart = { name, direction: 'TB', nodes: [], edges: [], groups: [] }
  }

  read(): Chart {
    this.#header()
    while (!this.#scanner.isAtEnd) this.#statement()
    const unclosed = this.#open.at(-1)
    if (unclosed) throw new SourceRefused('mermaidNoEnd', unclosed.line, unclosed.group.id)
    this.#chart.nodes = [...this.#nodes.values()]
    return this.#withoutEmptyGroups()
  }

  #header(): void {
    const scanner = this.#scanner
    scanner.take(/\s*/y)
    const header = scanner.take(/(flowchart|graph)(-elk)?\b[ \t]*/y)
    if (!header) throw new SourceRefused('mermaidKind', scanner.line, scanner.restOfLine.trim())
    const direction = scanner.take(/[\p{L}<>^]+/uy)
    if (direction) {
      const known = DIRECTIONS[direction[0]]
      if (!known) throw new SourceRefused('mermaidDirection', scanner.line, direction[0])
      this.#chart.direction = known
    }
    this.#endStatement()
  }

  #statement(): void {
    const scanner = this.#scanner
    const line = scanner.line
    const styling = scanner.take(STYLING)
    if (styling) this.#notes.add('stylingIgnored', line, styling[1] ?? '')
    else if (scanner.take(/subgraph\b[ \t]*/y)) this.#beginGroup(line)
    else if (scanner.take(/end\b/y)) {
      if (!this.#open.pop()) throw new SourceRefused('mermaidExtraEnd', line)
    } else {
      const direction = scanner.take(/direction[ \t]+(TB|TD|BT|LR|RL)\b/y)
      if (direction) this.#notes.add('groupDirectionIgnored', line, direction[1] ?? '')
      else this.#chain()
    }
    this.#endStatement()
  }

  #endStatement(): void {
    const scanner = this.#scanner
    if (!scanner.take(STATEMENT_END)) {
      throw new SourceRefused('mermaidStatement', scanner.line, scanner.restOfLine.trim())
    }
  }

  /** `a & b --> c -- words --> d` */
  #chain(): void {
    let from = this.#nodeList()
    for (;;) {
      this.#scanner.take(BLANKS)
      const line = this.#scanner.line
      const link = takeLink(this.#scanner)
      if (!link) return
      // A chain may go on in the next line.
      this.#scanner.take(/\s*/y)
      const to = this.#nodeList()
      if (link.isInvisible) this.#notes.add('invisibleLink', line, `${from[0]} ~~~ ${to[0]}`)
      else {
        const { isInvisible: _, ...looks } = link
        const text = looks.text === null ? null : labelText(looks.text) || null
        for (const start of from) {
          for (const end of to) this.#chart.edges.push({ ...looks, from: start, to: end, text, way: null })
        }
      }
      from = to
    }
  }

  #nodeList(): string[] {
    const ids = [this.#node()]
    while (this.#scanner.take(/\s*&\s*/y)) ids.push(this.#node())
    return ids
  }

  #node(): string {
    const scanner = this.#scanner
    const { line } = scanner
    const id = scanner.take(NAME)?.[0]
    if (!id) {
      if (!scanner.isAtEnd) throw new SourceRefused('mermaidStatement', line, scanner.restOfLine.trim())
      const before = scanner.lineBefore
      throw new SourceRefused('mermaidDangling', before.line, before.text)
    }
    // A subgraph is named like a node where an arrow leads to it.
    if (this.#chart.groups.some((group) => group.id === id)) return id
    const bracket = this.#bracket()
    const known = this.#nodes.get(id)
    const node: ChartNode = known ?? { id, shape: 'rectangle', text: id, frame: null }
    if (bracket) Object.assign(node, bracket)
    if (!known) this.#nodes.set(id, node)
    const group = this.#open.at(-1)?.group
    const isMember = this.#chart.groups.some(({ members }) => members.includes(id))
    if (group && !isMember) group.members.push(id)
    if (scanner.startsWith('@{')) this.#details(node)
    const styled = scanner.take(/:::[\p{L}\p{N}_-]+/uy)
    if (styled) this.#notes.add('stylingIgnored', line, styled[0])
    return id
  }

  /** The text in brackets after a name, and the shape that the brackets mean. */
  #bracket(): Pick<ChartNode, 'shape' | 'text'> | null {
    const scanner = this.#scanner
    const candidates = BRACKETS.filter(({ open }) => scanner.startsWith(open))
    const longest = candidates[0]?.open
    if (longest === undefined) return null
    const { line } = scanner
    scanner.skip(longest.length)
    const quoted = scanner.take(/\s*"([^"]*)"\s*/y)
    if (quoted) {
      const closing = candidates.find(({ open, close }) => open === longest && scanner.startsWith(close))
      if (!closing) throw new SourceRefused('mermaidBracket', line, `${longest}${quoted[0]}`)
      scanner.skip(closing.close.length)
      return { shape: closing.shape, text: labelText(quoted[1] ?? '') }
    }
    const [nearest] = candidates
      .filter(({ open }) => open === longest)
      .map((candidate) => ({ ...candidate, at: scanner.indexOf(candidate.close) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)
    if (!nearest) throw new SourceRefused('mermaidUnclosed', line, `${longest}${scanner.restOfLine}`)
    const text = scanner.until(nearest.close, longest)
    if (/[[\](){}"\n]/.test(text)) throw new SourceRefused('mermaidBracket', line, `${longest}${text}`)
    return { shape: nearest.shape, text: labelText(text) }
  }

  /** `@{ shape: name, label: "words" }` */
  #details(node: ChartNode): void {
    const { line } = this.#scanner
    this.#scanner.skip(2)
    const body = this.#scanner.until('}', '@{')
    const given = (key: string) =>
      new RegExp(`\\b${key}\\s*:\\s*(?:"([^"]*)"|'([^']*)'|([^,\\n]+))`).exec(body)?.slice(1).find(Boolean)
    const label = given('label')
    if (label !== undefined) node.text = labelText(label)
    const name = given('shape')?.trim()
    if (name === undefined) return
    if (name === 'text') node.shape = null
    else {
      const shape = NAMED_SHAPES[name]
      if (!shape) throw new SourceRefused('mermaidShape', line, name)
      node.shape = shape
    }
  }

  #beginGroup(line: number): void {
    const scanner = this.#scanner
    const rest = scanner.take(/[^\n;]*/y)?.[0].trim() ?? ''
    const titled = /^([\p{L}\p{N}_.-]+)\s*[[(]\s*"?(.*?)"?\s*[\])]$/u.exec(rest)
    const id = titled?.[1] ?? /^"(.*)"$/.exec(rest)?.[1] ?? rest
    const text = labelText(titled?.[2] ?? id)
    const parent = this.#open.at(-1)?.group.id ?? null
    const name = id === '' ? `subgraph ${line}` : id
    const group: ChartGroup = { id: name, text, parent, members: [], frame: null }
    // A name that was a node so far, in an arrow further up, means the group.
    this.#nodes.delete(name)
    for (const other of this.#chart.groups) {
      other.members = other.members.filter((member) => member !== name)
    }
    this.#chart.groups.push(group)
    this.#open.push({ group, line })
  }

  /** A group with nothing in it is drawn as a shape of its own. */
  #withoutEmptyGroups(): Chart {
    const { groups, nodes } = this.#chart
    for (;;) {
      const empty = groups.findIndex(
        ({ id, members }) => members.length === 0 && !groups.some(({ parent }) => parent === id),
      )
      const [group] = empty < 0 ? [] : groups.splice(empty, 1)
      if (!group) return this.#chart
      this.#notes.add('emptyGroup', null, group.text || group.id)
      nodes.push({ id: group.id, shape: 'rectangle', text: group.text, frame: null })
      groups.find(({ id }) => id === group.parent)?.members.push(group.id)
    }
  }
}

/** Comments, directives and the front matter become empty: the lines keep their numbers. */
function withoutComments(text: string): string {
  const blank = (part: string) => part.replaceAll(/[^\n]/g, '')
  return text
    .replaceAll('\r\n', '\n')
    .replace(/^\s*---\n[\s\S]*?\n---[ \t]*(?=\n|$)/, blank)
    .replaceAll(/%%\{[\s\S]*?\}%%/g, blank)
    .replaceAll(/^[ \t]*%%[^\n]*/gm, '')
}

/** `#quot;` and `#9829;`, HTML, and the marks of "`markdown`" strings. */
function labelText(raw: string): string {
  const markdown = /^`(.*)`$/s.exec(raw.trim())
  const text = markdown ? (markdown[1] ?? '').replaceAll(/\*\*?|__?/g, '') : raw
  return tidy(plainText(decodeEntities(text, /#(\w+);/g)))
}
