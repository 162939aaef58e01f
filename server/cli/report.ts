import { InvalidArgumentError } from 'commander'
import { isStudioError } from '../errors.ts'

/** How a verb speaks: plain lines for people, or one JSON object with `--json`. */
export interface Report {
  /** One line that replaces itself; only for people who look on. */
  progress(text: string): void
  /** Something a person should know that does not stop the work. */
  notice(notice: { code: string; message: string; count: number }): void
  done(result: Record<string, unknown>, text: string): void
}

/** Exit codes: 0 done, 1 a defect of ours, 2 wrong words on the command line or wrong input. */
export const EXIT_INPUT = 2
export const EXIT_DEFECT = 1

export function makeReport(isJson: () => boolean): Report {
  const notices: { code: string; message: string; count: number }[] = []
  const clearLine = () => {
    if (process.stderr.isTTY && !isJson()) process.stderr.write('\r\x1b[2K')
  }
  return {
    progress(text) {
      if (!process.stderr.isTTY || isJson()) return
      clearLine()
      process.stderr.write(text)
    },
    notice(notice) {
      notices.push(notice)
      clearLine()
      if (!isJson()) console.warn(`note: ${notice.message}`)
    },
    done(result, text) {
      clearLine()
      console.log(isJson() ? JSON.stringify({ ok: true, ...result, notices }) : text)
    },
  }
}

/** Prints why a verb could not do its work. @returns the exit code */
export function printFailure(error: unknown, json: boolean): number {
  const known = isStudioError(error)
  const message = known ? error.userMessage : error instanceof Error ? error.message : String(error)
  if (json) {
    const code = known ? error.code : 'INTERNAL'
    console.log(JSON.stringify({ ok: false, code, message, details: known ? error.details : undefined }))
  } else {
    console.error(`refbox: ${message}`)
    if (!known && error instanceof Error && error.stack) console.error(error.stack)
  }
  return known ? EXIT_INPUT : EXIT_DEFECT
}

/** Parser of an option that takes a whole number. */
export function wholeNumber(smallest: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < smallest) {
      throw new InvalidArgumentError(`Give a whole number of at least ${smallest}.`)
    }
    return value
  }
}
