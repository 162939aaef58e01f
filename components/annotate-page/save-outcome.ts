import type { SaveOutcome, StorageProblem } from '../annotator/sync/pump.ts'
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
  const { code, message, details } = parseStudioError(error)
  if (code === 'CONFLICT') return { kind: 'conflict' }
  if (code === 'STORAGE') return { kind: 'storage', problem: problemOf(details) }
  return REFUSALS.has(code) ? { kind: 'refused', message } : { kind: 'unreachable' }
}

/** What `errors.reasons` of the catalogue calls it; a full disk is what it mostly is. */
function problemOf(details: unknown): StorageProblem {
  const reason = typeof details === 'object' && details && 'reason' in details ? details.reason : null
  return reason === 'diskQuota' || reason === 'dataReadOnly' || reason === 'dataForbidden'
    ? reason
    : 'diskFull'
}
