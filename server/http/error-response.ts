import { ZodError } from 'zod'
import type { WireError } from '../contracts/errors.ts'
import { isStudioError, StudioError } from '../errors.ts'
import { storageError } from '../storage/storage-error.ts'

/** The body of every file route that fails: the same shape as tRPC's `data.studio`. */
export function errorResponse(thrown: unknown): Response {
  const error = toStudioError(thrown)
  if (error.code === 'INTERNAL' || error.code === 'STORAGE') console.error(thrown)
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
