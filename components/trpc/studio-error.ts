'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { type ErrorCode, WireError } from '../../server/contracts/errors.ts'

/** NETWORK: no answer came at all, so the server could not give a code. */
export type StudioErrorCode = ErrorCode | 'NETWORK'

export interface ParsedStudioError {
  code: StudioErrorCode
  /** As the server worded it, in English. */
  message: string
  details: unknown
}

/**
 * Reads what the server said out of whatever was thrown: a tRPC client error (`data.studio`), the JSON
 * body of a file route (`WireError`), or a failed fetch.
 */
export function parseStudioError(error: unknown): ParsedStudioError {
  const candidate = hasData(error) ? error.data?.studio : error
  const wire = WireError.safeParse(candidate)
  if (wire.success) return { ...wire.data, details: wire.data.details }
  const message = error instanceof Error ? error.message : String(error)
  const answered = hasData(error) && error.data !== undefined && error.data !== null
  const offline = !answered && error instanceof Error && /fetch|network|load failed/i.test(error.message)
  return { code: offline ? 'NETWORK' : 'INTERNAL', message, details: undefined }
}

function hasData(error: unknown): error is { data?: { studio?: unknown } | null } {
  return typeof error === 'object' && error !== null && 'data' in error
}

/** Codes whose message names the very thing (a file, a run), which the catalogue cannot know. */
const SPECIFIC: ReadonlySet<StudioErrorCode> = new Set([
  'BAD_REQUEST',
  'BAD_FILE',
  'WRONG_STATE',
  'CONFLICT',
  'STORAGE',
])

export interface ErrorWords {
  /** What happened. */
  title: string
  /** Why, and what to do next. */
  description: string
}

/**
 * Words for an error in the reader's language. A rule that wants its own words puts
 * `details: { reason: 'someKey' }` on its StudioError and the words under `errors.reasons.someKey`.
 */
export function useErrorWords(): (error: unknown) => ErrorWords {
  const t = useTranslations('errors')
  return useCallback(
    (error) => {
      const { code, message, details } = parseStudioError(error)
      const title = t(`codes.${code}.title`)
      const reason = reasonOf(details)
      // The server's reasons are data here; `has` decides whether the catalogue knows this one.
      const key = `reasons.${reason}` as 'codes.INTERNAL.next'
      if (reason && t.has(key)) return { title, description: t(key) }
      return { title, description: SPECIFIC.has(code) && message ? message : t(`codes.${code}.next`) }
    },
    [t],
  )
}

function reasonOf(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('reason' in details)) return undefined
  return typeof details.reason === 'string' ? details.reason : undefined
}
