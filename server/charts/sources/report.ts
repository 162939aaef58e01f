import type {
  SourceNote,
  SourceNoteReason,
  SourceProblem,
  SourceProblemReason,
} from '../../contracts/chart.ts'
import type { Chart } from '../chart.ts'

/** What reading one file gave. With a problem there are no charts of that file. */
export interface ReadSource {
  charts: Chart[]
  problems: SourceProblem[]
  notes: SourceNote[]
}

/** Stops the reading of a file: what is wrong, in which line. */
export class SourceRefused extends Error {
  override readonly name = 'SourceRefused'
  readonly reason: SourceProblemReason
  readonly line: number | null
  readonly detail: string

  constructor(reason: SourceProblemReason, line: number | null, detail = '') {
    super(`${reason} in line ${line}: ${detail}`)
    this.reason = reason
    this.line = line
    // A message shows the place, not half of the file.
    this.detail = detail.length > 60 ? `${detail.slice(0, 57)}…` : detail
  }
}

/** Collects what a file says that the pictures will not show; the same thing once a line. */
export class Notes {
  readonly #notes = new Map<string, Omit<SourceNote, 'file'>>()

  add(reason: SourceNoteReason, line: number | null, detail: string): void {
    this.#notes.set(`${reason} ${line} ${detail}`, { reason, line, detail })
  }

  of(file: string): SourceNote[] {
    return [...this.#notes.values()].map((note) => ({ ...note, file }))
  }
}
