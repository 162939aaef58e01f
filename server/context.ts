import { isLoopback } from './auth/owner-code.ts'
import { sessionUser } from './auth/session-user.ts'
import type { Viewer } from './auth/viewer.ts'
import { env } from './env.ts'
import { type Studio, studio } from './studio.ts'

export type { Viewer }

export interface Context extends Studio {
  viewer: Viewer | null
  /**
   * The visitor sits at this machine: the server listens on loopback only and was called by a loopback
   * name (a page of another site that rebinds its name to 127.0.0.1 is told apart by that name).
   */
  isLocalVisitor?: boolean
}

/** For tests and the command line: no HTTP request needed. */
export function createContextInner(inner: Context): Context {
  return inner
}

/** @param answer response headers, for a session cookie that is prolonged */
export async function createContext({
  headers,
  answer,
}: {
  headers: Headers
  answer?: Headers
}): Promise<Context> {
  const inner = await studio()
  const viewer = await sessionUser(headers, answer, inner)
  const isLocalVisitor = isLoopback(env.host) && isLoopback(headers.get('host') ?? '')
  return createContextInner({ ...inner, viewer, isLocalVisitor })
}
