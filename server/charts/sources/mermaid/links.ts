import type { ChartEdge, ConnectorHead } from '../../chart.ts'
import type { Scanner } from './scanner.ts'

export interface Link {
  startHead: ConnectorHead
  endHead: ConnectorHead
  line: ChartEdge['line']
  isInvisible: boolean
  text: string | null
}

const START_HEADS: Record<string, ConnectorHead> = { '<': 'arrow', o: 'circle', x: 'cross' }
const END_HEADS: Record<string, ConnectorHead> = { '>': 'arrow', o: 'circle', x: 'cross' }

/** A whole link: `-->`, `---`, `-.->`, `==>`, `<-->`, `--o`, `x--x`, of any length. */
const WHOLE = /([<ox]?)(?:(--+)([->ox])|(-\.+-)([>ox]?)|(==+)([=>ox]))/y
const INVISIBLE = /~~~+/y
/** The first half of a link with its words inside: `-- words -->`. */
const OPENING = /([<ox]?)(--|-\.|==)(?![->.=])/y
const CLOSINGS: Record<string, { pattern: RegExp; line: ChartEdge['line'] }> = {
  '--': { pattern: /\s*--+([->ox])/, line: 'solid' },
  '-.': { pattern: /\s*\.+-([>ox]?)/, line: 'dashed' },
  '==': { pattern: /\s*==+([=>ox])/, line: 'thick' },
}

/** Reads a link with its words, or nothing when none is here. */
export function takeLink(scanner: Scanner): Link | null {
  // `e1@-->` names a link for styling.
  scanner.take(/[\p{L}\p{N}_]+@(?=[<ox]?[-=~])/uy)
  if (scanner.take(INVISIBLE)) {
    return { startHead: 'none', endHead: 'none', line: 'solid', isInvisible: true, text: null }
  }
  return takeWhole(scanner) ?? takeWithWords(scanner)
}

function takeWhole(scanner: Scanner): Link | null {
  const match = scanner.take(WHOLE)
  if (!match) return null
  const [, start = '', , solidEnd, dashed, dashedEnd, thick, thickEnd] = match
  const end = solidEnd ?? dashedEnd ?? thickEnd ?? ''
  const words = scanner.take(/[ \t]*\|("?)([^|]*?)\1\|/y)
  return {
    startHead: START_HEADS[start] ?? 'none',
    endHead: END_HEADS[end] ?? 'none',
    line: dashed ? 'dashed' : thick ? 'thick' : 'solid',
    isInvisible: false,
    text: words?.[2] ?? null,
  }
}

function takeWithWords(scanner: Scanner): Link | null {
  const opening = scanner.take(OPENING)
  if (!opening) return null
  const [whole, start = '', kind = '--'] = opening
  const closing = CLOSINGS[kind]
  const rest = scanner.restOfLine
  const end = closing?.pattern.exec(rest)
  if (!closing || !end) {
    scanner.skip(-whole.length)
    return null
  }
  scanner.skip(end.index + end[0].length)
  const text = rest.slice(0, end.index).trim()
  return {
    startHead: START_HEADS[start] ?? 'none',
    endHead: END_HEADS[end[1] ?? ''] ?? 'none',
    line: closing.line,
    isInvisible: false,
    text: /^"(.*)"$/s.exec(text)?.[1] ?? text,
  }
}
