/** What can go wrong between pressing the button and the first answer; the catalogue has words for each. */
export type AssistErrorCode =
  /** The model has not been made ready for the browser, and could not be. */
  | 'noBundle'
  /** The server did not send a file. */
  | 'download'
  /** A file arrived with other bytes than the manifest names. */
  | 'damaged'
  /** The manifest is missing or of a form this version does not know. */
  | 'manifest'
  /** The runtime gives other numbers here than the trainer did: its answers could not be trusted. */
  | 'selfTest'
  /** The picture could not be loaded or decoded. */
  | 'image'
  /** The runtime stopped: usually out of memory. */
  | 'runtime'
  | 'cancelled'

export class AssistError extends Error {
  override readonly name = 'AssistError'
  readonly code: AssistErrorCode

  constructor(code: AssistErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Anything thrown, as one of ours. An abort of a fetch or a wait is a cancellation, not a failure. */
export function asAssistError(thrown: unknown, fallback: AssistErrorCode = 'runtime'): AssistError {
  if (thrown instanceof AssistError) return thrown
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return new AssistError('cancelled', 'Cancelled.', { cause: thrown })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AssistError(fallback, message, { cause: thrown })
}
