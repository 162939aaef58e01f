import { ERROR_STATUS, type ErrorCode } from './contracts/errors.ts'

/**
 * The one error that rules throw. `message` is for the log; `userMessage` is what a person reads and
 * says what to do next. `details` carries values for the page (conflicting records, field names).
 */
export class StudioError extends Error {
  override readonly name = 'StudioError'
  readonly code: ErrorCode
  readonly userMessage: string
  readonly details: unknown

  constructor(
    code: ErrorCode,
    options: { message: string; userMessage?: string; details?: unknown; cause?: unknown },
  ) {
    super(options.message, { cause: options.cause })
    this.code = code
    this.userMessage = options.userMessage ?? options.message
    this.details = options.details
  }

  get status(): number {
    return ERROR_STATUS[this.code]
  }
}

export function isStudioError(error: unknown): error is StudioError {
  return error instanceof StudioError
}
