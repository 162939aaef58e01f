import { StudioError } from '../errors.ts'

/** Where in a file something is wrong. */
export interface Place {
  file: string
  /** Counted from 1; null for formats without lines. */
  line: number | null
  /** The path of the field, for example `conversations[1].value`. */
  field: string
}

export interface Problem extends Place {
  /** What is wrong and what to do. */
  message: string
}

export interface Notice {
  code: string
  message: string
  count: number
}

/** Problems kept with their words; the rest is counted. */
const KEPT = 1_000
/** Problems printed in the message itself. */
const SHOWN = 20

/** Collects what is wrong (stops the conversion unless told otherwise) and what a person should know. */
export class Findings {
  readonly problems: Problem[] = []
  problemCount = 0
  readonly #notices = new Map<string, Notice>()

  problem(place: Place, message: string): void {
    this.problemCount += 1
    if (this.problems.length < KEPT) this.problems.push({ ...place, message })
  }

  /** Counts one more of a kind. @param message says it for any number: `{}` stands for the count */
  notice(code: string, message: string): void {
    const notice = this.#notices.get(code)
    if (notice) notice.count += 1
    else this.#notices.set(code, { code, message, count: 1 })
  }

  get notices(): Notice[] {
    return [...this.#notices.values()].map(({ code, message, count }) => ({
      code,
      count,
      message: message.replace('{}', String(count)),
    }))
  }

  /** The problems as notices, for when broken records are left out on purpose. */
  get leftOut(): Notice[] {
    const told = this.problems.map((problem) => problemText(problem))
    const untold = this.problemCount - told.length
    if (untold > 0) told.push(`… and ${untold} more problems`)
    return told.map((message) => ({ code: 'left-out', message: `left out: ${message}`, count: 1 }))
  }

  /** @throws StudioError BAD_FILE when anything is wrong */
  throwIfAny(): void {
    if (this.problemCount === 0) return
    const shown = this.problems.slice(0, SHOWN).map(problemText)
    const rest = this.problemCount - shown.length
    throw new StudioError('BAD_FILE', {
      message: [
        `${this.problemCount} problem(s); nothing was written. Mend them, or leave such records out with --skip-invalid.`,
        ...shown,
        ...(rest > 0 ? [`… and ${rest} more`] : []),
      ].join('\n'),
      details: { count: this.problemCount, problems: this.problems },
    })
  }
}

export function problemText({ file, line, field, message }: Problem): string {
  const place = [file, ...(line === null ? [] : [line]), field].filter((part) => part !== '').join(':')
  return `${place}: ${message}`
}
