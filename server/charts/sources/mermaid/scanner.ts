import { SourceRefused } from '../report.ts'

/** Reads a text from left to right and knows in which line it is. */
export class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  get line(): number {
    return lineOf(this.#text, this.#at)
  }

  /** What is left of the present line. */
  get restOfLine(): string {
    return /^[^\n]*/.exec(this.#text.slice(this.#at))?.[0] ?? ''
  }

  /** The last line with words before this place, and its number. */
  get lineBefore(): { text: string; line: number } {
    const read = this.#text.slice(0, this.#at).trimEnd()
    return { text: read.slice(read.lastIndexOf('\n') + 1).trim(), line: lineOf(this.#text, read.length) }
  }

  /** Goes on if the text goes on with `pattern`, which must be sticky (flag y). */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match) this.#at += match[0].length
    return match
  }

  startsWith(words: string): boolean {
    return this.#text.startsWith(words, this.#at)
  }

  skip(length: number): void {
    this.#at += length
  }

  /** The text up to `end`, which is passed over. @throws SourceRefused when it never comes */
  until(end: string, opened: string): string {
    const found = this.#text.indexOf(end, this.#at)
    if (found < 0) throw new SourceRefused('mermaidUnclosed', this.line, opened)
    const text = this.#text.slice(this.#at, found)
    this.#at = found + end.length
    return text
  }

  /** Where the first of several closings stands, seen from here; -1 = nowhere. */
  indexOf(closing: string): number {
    const found = this.#text.indexOf(closing, this.#at)
    return found < 0 ? -1 : found - this.#at
  }
}

export function lineOf(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
