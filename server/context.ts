import { sessionUser } from './auth/session-user.ts'
import { type Studio, studio } from './studio.ts'

/** The person behind a request, as far as rules need to know. */
export interface Viewer {
  id: string
  name: string
  email: string
  /** Made on the first visit; allowed everything in every project. */
  isOwner: boolean
}

export interface Context extends Studio {
  viewer: Viewer | null
}

/** For tests and the command line: no HTTP request needed. */
export function createContextInner(inner: Context): Context {
  return inner
}

export async function createContext({ headers }: { headers: Headers }): Promise<Context> {
  const inner = await studio()
  return createContextInner({ ...inner, viewer: await sessionUser(headers) })
}
