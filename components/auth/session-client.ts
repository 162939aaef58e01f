import type { WireError } from '../../server/contracts/errors.ts'

/** What better-auth calls its refusals, in our words. */
const CODES: Record<number, WireError['code']> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'RATE_LIMITED',
}

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (response.ok) return
  const answer: unknown = await response.json().catch(() => null)
  const message =
    typeof answer === 'object' && answer !== null && 'message' in answer && typeof answer.message === 'string'
      ? answer.message
      : response.statusText
  throw { code: CODES[response.status] ?? 'INTERNAL', message } satisfies WireError
}

/** @throws WireError: UNAUTHENTICATED when address and password do not belong together */
export function signIn(email: string, password: string): Promise<void> {
  return post('/sign-in/email', { email, password })
}

export function signOut(): Promise<void> {
  return post('/sign-out', {})
}
