import { SaxesParser } from 'saxes'
import { SourceRefused } from '../report.ts'

export interface XmlElement {
  name: string
  attributes: Readonly<Record<string, string>>
  children: XmlElement[]
  text: string
  line: number
}

/** Reads an XML text as a tree. @throws SourceRefused */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser()
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '', line: 1 }
  const open = [root]
  parser.on('error', (error) => {
    // The message repeats the place in front.
    throw new SourceRefused('xmlSyntax', parser.line, error.message.replace(/^\S*\d+:\d+:\s*/, ''))
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [], text: '', line: parser.line }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const addText = (piece: string) => {
    const element = open.at(-1)
    if (element) element.text += piece
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(text).close()
  const [top] = root.children
  if (!top) throw new SourceRefused('xmlSyntax', 1, 'no element')
  return top
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name)
}
