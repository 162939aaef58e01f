import type {
  SourceNote,
  SourceNoteReason,
  SourceProblem,
  SourceProblemReason,
} from '../../contracts/chart.ts'

/** What is wrong and what to do, in English, for the command line and the log; pages have the catalogues. */
const PROBLEMS: Record<SourceProblemReason, (detail: string) => string> = {
  unknownFormat: (start) =>
    `is neither Mermaid, Graphviz DOT nor draw.io; it begins with “${start}”. Name the file .mmd, .dot or .drawio.`,
  tooLong: (length) => `has ${length} characters, more than 2,000,000. Split it into several files.`,
  noChart: () => 'has no flowchart with shapes in it.',
  tooManyShapes: (text) => `${text} Split the chart, or allow larger pictures.`,
  missingGlyph: (glyph) => `has a character that the built-in fonts lack: ${glyph}. Write it differently.`,
  mermaidKind: (start) =>
    `a Mermaid flowchart begins with “flowchart TD” or “graph LR”; here is “${start}”. Other diagrams are not drawn.`,
  mermaidDirection: (word) => `“${word}” is no direction. Write TB, TD, BT, LR or RL.`,
  mermaidStatement: (rest) => `cannot be read from “${rest}” on. Check the names, brackets and arrows.`,
  mermaidDangling: (line) => `nothing follows “${line}”. Name the shape that it leads to.`,
  mermaidUnclosed: (text) => `the bracket of “${text}” is never closed.`,
  mermaidBracket: (text) => `brackets within the text of “${text}”. Put the text in double quotes.`,
  mermaidShape: (name) => `knows no shape “${name}”. Use one of the flowchart shapes, such as diam or doc.`,
  mermaidNoEnd: (id) => `the subgraph “${id}” has no “end”.`,
  mermaidExtraEnd: () => '“end” without a subgraph.',
  dotSyntax: (found) => `is no DOT that can be read: unexpected ${found}.`,
  dotHtmlLabel: (label) => `has an HTML label (${label}). Write it as plain text in double quotes.`,
  dotRecord: (id) => `“${id}” is a record with fields. Use a plain shape such as box.`,
  xmlSyntax: (message) => `is no well-formed XML: ${message} Export it again from draw.io.`,
  drawioNotDrawio: (tag) => `begins with ${tag}; a draw.io file begins with <mxfile>. Save it as .drawio.`,
  drawioCompressed: (page) => `page “${page}” cannot be unpacked. Save the file again in draw.io.`,
  drawioGeometry: (text) => `“${text}” has no place or size. Move it in draw.io and save the file again.`,
}

const NOTES: Record<SourceNoteReason, (detail: string) => string> = {
  stylingIgnored: (what) => `${what}: colours and styling are not taken over.`,
  groupDirectionIgnored: (what) => `direction ${what}: the direction of a subgraph is not followed.`,
  invisibleLink: (link) => `${link}: an invisible link only arranges; it is left out.`,
  unknownShape: (name) => `“${name}” is not known; a rectangle is drawn.`,
  portIgnored: (port) => `${port}: arrows end where they meet the outline, not at a port.`,
  looseArrow: (name) => `“${name}” has a loose end and is left out.`,
  emptyPage: (page) => `${page} has no shapes.`,
  emptyGroup: (name) => `“${name}” has no shapes in it; it is drawn as a rectangle.`,
}

/** `charts.mmd:7: …` */
export function problemText({ file, line, reason, detail }: SourceProblem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${PROBLEMS[reason](detail)}`
}

export function noteText({ file, line, reason, detail }: SourceNote): string {
  return `${file}${line === null ? '' : `:${line}`}: ${NOTES[reason](detail)}`
}
