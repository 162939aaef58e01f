import type { SaveOutcome } from '../annotator/sync/pump.ts'
import { parseStudioError, type StudioErrorCode } from '../trpc/studio-error.ts'

/** Sending the same again would be answered the same; everything else is worth trying again. */
const REFUSALS: ReadonlySet<StudioErrorCode> = new Set([
  'BAD_REQUEST',
  'FORBIDDEN',
  'NOT_FOUND',
  'TOO_LARGE',
  'WRONG_STATE',
  'BAD_FILE',
])

/** What a failed save means for the autosave pump. */
export function outcomeOfError(error: unknown): SaveOutcome {
  const { code, message } = parseStudioError(error)
  if (code === 'CONFLICT') return { kind: 'conflict' }
  return REFUSALS.has(code) ? { kind: 'refused', message } : { kind: 'unreachable' }
}
