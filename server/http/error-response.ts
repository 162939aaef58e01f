import { ZodError } from 'zod'
import type { WireError } from '../contracts/errors.ts'
import { isStudioError, StudioError } from '../errors.ts'

/** The body of every file route that fails: the same shape as tRPC's `data.studio`. */
export function errorResponse(thrown: unknown): Response {
  const error = toStudioError(thrown)
  if (error.code === 'INTERNAL') console.error(thrown)
  const body: WireError = { code: error.code, message: error.userMessage, details: error.details }
  return Response.json(body, { status: error.status, headers: { 'cache-control': 'no-store' } })
}

function toStudioError(thrown: unknown): StudioError {
  if (isStudioError(thrown)) return thrown
  if (thrown instanceof ZodError) {
    return new StudioError('BAD_REQUEST', {
      message: thrown.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    })
  }
  return (
    storageError(thrown) ??
    new StudioError('INTERNAL', { message: 'Something went wrong on the server; its log has the details.' })
  )
}

const STORAGE_WORDS: Record<string, string> = {
  ENOSPC: 'The disk of the data folder is full. Free some space, then try again.',
  EDQUOT: 'The disk quota of the data folder is used up. Free some space, then try again.',
  EROFS: 'The data folder is read-only. Make it writable, then try again.',
  EACCES: 'The studio may not write to its data folder. Give it the right to, then try again.',
  EPERM: 'The studio may not write to its data folder. Give it the right to, then try again.',
  SQLITE_FULL: 'The disk of the data folder is full. Free some space, then try again.',
  SQLITE_READONLY: 'The database is read-only. Make the data folder writable, then try again.',
}

/** @returns words for a full or read-only disk, null for anything else */
export function storageError(thrown: unknown): StudioError | null {
  if (!(thrown instanceof Error)) return null
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  const known =
    STORAGE_WORDS[code] ?? Object.entries(STORAGE_WORDS).find(([key]) => thrown.message.includes(key))?.[1]
  return known ? new StudioError('STORAGE', { message: known, cause: thrown }) : null
}
