import { z } from 'zod'

/**
 * What can go wrong, as a closed list: the client switches on it, the catalogues have words for it.
 * The number is the HTTP status of the same meaning.
 */
export const ERROR_STATUS = {
  /** The request's shape is wrong; `details` names the fields. */
  BAD_REQUEST: 400,
  /** No session, or it has ended: sign in again, nothing is lost. */
  UNAUTHENTICATED: 401,
  /** Signed in, but this person's role does not allow it. */
  FORBIDDEN: 403,
  /** Not there, or not visible to this person (the two are not told apart). */
  NOT_FOUND: 404,
  /** Someone else changed the same thing; `details` carries both sides. */
  CONFLICT: 409,
  /** The thing is not in a state that allows this (a run that has ended, a version in use). */
  WRONG_STATE: 409,
  /** A file that cannot be taken; the message names it and the reason. */
  BAD_FILE: 422,
  TOO_LARGE: 413,
  /** The data folder is full or read-only. */
  STORAGE: 507,
  /** Too many attempts; wait. */
  RATE_LIMITED: 429,
  /** A defect of ours. */
  INTERNAL: 500,
} as const

export const ErrorCode = z.enum(
  Object.keys(ERROR_STATUS) as [keyof typeof ERROR_STATUS, ...(keyof typeof ERROR_STATUS)[]],
)
export type ErrorCode = z.infer<typeof ErrorCode>

/** How an error travels to the browser, in tRPC's `data.studio` and as the body of a file route. */
export const WireError = z.object({
  code: ErrorCode,
  message: z.string(),
  details: z.unknown().optional(),
})
export type WireError = z.infer<typeof WireError>
