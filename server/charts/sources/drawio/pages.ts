import { inflateRawSync } from 'node:zlib'
import { SourceRefused } from '../report.ts'
import { childrenNamed, readXml, type XmlElement } from './xml.ts'

export interface DrawioPage {
  name: string
  model: XmlElement
  /** Lines of a compressed page mean nothing to a person. */
  isCompressed: boolean
}

/** Pages beyond this are a mistake or an attack; a page of a person's is below 10 MB. */
const LONGEST_PAGE = 50_000_000

/**
 * The pages of a draw.io file: plain, or deflated, in base64 and percent-encoded as draw.io stores them by
 * default.
 * @throws SourceRefused
 */
export function readPages(text: string, name: string): DrawioPage[] {
  const root = readXml(text)
  if (root.name === 'mxGraphModel') return [{ name, model: root, isCompressed: false }]
  if (root.name !== 'mxfile') throw new SourceRefused('drawioNotDrawio', root.line, `<${root.name}>`)
  const diagrams = childrenNamed(root, 'diagram')
  return diagrams.map((diagram, at) => {
    const title = diagram.attributes.name ?? String(at + 1)
    const [plain] = childrenNamed(diagram, 'mxGraphModel')
    const pageName = diagrams.length === 1 ? name : `${name} ${title}`
    if (plain) return { name: pageName, model: plain, isCompressed: false }
    return { name: pageName, model: inflated(diagram, title), isCompressed: true }
  })
}

function inflated(diagram: XmlElement, title: string): XmlElement {
  const stored = diagram.text.trim()
  let xml: string
  try {
    const bytes = inflateRawSync(Buffer.from(stored, 'base64'), { maxOutputLength: LONGEST_PAGE })
    xml = decodeURIComponent(bytes.toString('utf8'))
  } catch {
    throw new SourceRefused('drawioCompressed', diagram.line, title)
  }
  return readXml(xml)
}
