import { type Studio, studio } from '../studio.ts'
import { authOf } from './auth.ts'
import type { Viewer } from './viewer.ts'

/**
 * Who is signed in, by the session cookie.
 * @param answer headers of the response; a session that is used lives on, and its cookie with it
 */
export async function sessionUser(headers: Headers, answer?: Headers, of?: Studio): Promise<Viewer | null> {
  const auth = await authOf(of ?? (await studio()))
  const { response, headers: renewed } = await auth.api.getSession({ headers, returnHeaders: true })
  for (const cookie of renewed.getSetCookie()) answer?.append('set-cookie', cookie)
  if (!response) return null
  const { id, name, email, isOwner } = response.user
  return { id, name, email, isOwner: isOwner === true }
}
