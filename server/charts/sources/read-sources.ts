import { type ChartSource, MAX_SOURCE_LENGTH, type SourceProblem } from '../../contracts/chart.ts'
import type { Chart } from '../chart.ts'
import { missingGlyph } from '../text.ts'
import { readDot } from './dot/read-dot.ts'
import { readDrawio } from './drawio/read-drawio.ts'
import { readMermaid } from './mermaid/read-mermaid.ts'
import { Notes, type ReadSource, SourceRefused } from './report.ts'

/** Endings of files that hold charts; others in a folder are passed over. */
export const SOURCE_ENDINGS = ['mmd', 'mermaid', 'dot', 'gv', 'drawio', 'dio', 'xml', 'md', 'txt'] as const

type Format = 'mermaid' | 'dot' | 'drawio' | 'markdown'

const BY_ENDING: Readonly<Record<string, Format>> = {
  mmd: 'mermaid',
  mermaid: 'mermaid',
  dot: 'dot',
  gv: 'dot',
  drawio: 'drawio',
  dio: 'drawio',
  md: 'markdown',
}

/** Reads the charts of all files. A file with a problem gives none; the others are read all the same. */
export function readSources(sources: readonly ChartSource[]): ReadSource {
  const all: ReadSource = { charts: [], problems: [], notes: [] }
  for (const source of sources) {
    const { charts, problems, notes } = readSource(source)
    all.charts.push(...charts)
    all.problems.push(...problems)
    all.notes.push(...notes)
  }
  return all
}

function readSource({ name, text }: ChartSource): ReadSource {
  const notes = new Notes()
  const refused = ({ reason, line, detail }: Omit<SourceProblem, 'file'>): ReadSource => ({
    charts: [],
    problems: [{ file: name, reason, line, detail }],
    notes: [],
  })
  try {
    const charts = chartsOf(name, text, notes)
    if (charts.length === 0) return refused({ reason: 'noChart', line: null, detail: '' })
    const problems = charts.flatMap((chart) => chartProblems(name, chart))
    return { charts: problems.length > 0 ? [] : charts, problems, notes: notes.of(name) }
  } catch (error) {
    if (error instanceof SourceRefused) return refused(error)
    throw error
  }
}

function chartsOf(name: string, text: string, notes: Notes): Chart[] {
  if (text.length > MAX_SOURCE_LENGTH) throw new SourceRefused('tooLong', null, String(text.length))
  const plain = text.replace(/^\ufeff/, '')
  const title =
    name
      .split('/')
      .at(-1)
      ?.replace(/\.[^.]*$/, '') || name
  switch (formatOf(name, plain)) {
    case 'mermaid':
      return [readMermaid(plain, title, notes)].filter(({ nodes }) => nodes.length > 0)
    case 'dot':
      return readDot(plain, title, notes).filter(({ nodes }) => nodes.length > 0)
    case 'drawio':
      return readDrawio(plain, title, notes)
    case 'markdown':
      return fencedMermaid(plain, title, notes)
    case null:
      throw new SourceRefused('unknownFormat', null, plain.trim().split('\n')[0] ?? '')
  }
}

/** By the ending where it says something, else by how the text begins. */
function formatOf(name: string, text: string): Format | null {
  const known = BY_ENDING[/\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '']
  if (known) return known
  if (/^\s*(<\?xml[^>]*>\s*)?<(mxfile|mxGraphModel)\b/.test(text)) return 'drawio'
  const code = text
    .replace(/^\s*---\n[\s\S]*?\n---/, '')
    .replaceAll(/^\s*(%%|\/\/|#).*$|\/\*[\s\S]*?\*\//gm, '')
  if (/^\s*(strict\s+)?(di)?graph\s*("[^"]*"|[\p{L}\p{N}_]+)?\s*\{/iu.test(code)) return 'dot'
  if (/^\s*(flowchart|graph)\b/.test(code)) return 'mermaid'
  return /^```mermaid\b/m.test(text) ? 'markdown' : null
}

/** The Mermaid blocks of a Markdown text; lines are counted in the whole file. */
function fencedMermaid(text: string, title: string, notes: Notes): Chart[] {
  const lines = text.split('\n')
  const blocks: string[] = []
  lines.forEach((line, at) => {
    if (!/^\s*```\s*mermaid\b/.test(line)) return
    const length = lines.slice(at + 1).findIndex((next) => /^\s*```\s*$/.test(next))
    const body = lines.slice(at + 1, length < 0 ? undefined : at + 1 + length)
    // Blank lines in front keep the numbers of the lines.
    blocks.push('\n'.repeat(at + 1) + body.join('\n'))
  })
  const flowcharts = blocks.filter((block) => formatOf('', block) === 'mermaid')
  return flowcharts.map((block, at) => {
    const name = flowcharts.length === 1 ? title : `${title} ${at + 1}`
    return readMermaid(block, name, notes)
  })
}

/** Characters that our fonts cannot draw would look different on every machine. */
function chartProblems(file: string, chart: Chart): SourceProblem[] {
  const texts = [...chart.nodes, ...chart.groups, ...chart.edges].map(({ text }) => text ?? '')
  const missing = texts.map((text) => ({ text, glyph: missingGlyph(text) })).find(({ glyph }) => glyph)
  if (!missing?.glyph) return []
  const code = missing.glyph.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  const detail = `${missing.glyph} (U+${code}): ${missing.text.replaceAll('\n', ' ').slice(0, 40)}`
  return [{ file, line: null, reason: 'missingGlyph', detail }]
}
