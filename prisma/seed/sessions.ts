import { makeSignature } from 'better-auth/crypto'
import { authOf } from '../../server/auth/auth.ts'
import type { Viewer } from '../../server/auth/viewer.ts'
import type { Studio } from '../../server/studio.ts'

/** The Cookie header of a browser in which this person has signed in. */
export async function seedSession(studio: Studio, viewer: Viewer): Promise<string> {
  const { internalAdapter, secret, authCookies } = await (await authOf(studio)).$context
  const { token } = await internalAdapter.createSession(viewer.id)
  const value = `${token}.${await makeSignature(token, secret)}`
  return `${authCookies.sessionToken.name}=${encodeURIComponent(value)}`
}
