import { statSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SEED_PASSWORD, seedUser } from '../../../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../../../prisma/seed/studio.ts'
import { SIGN_IN_LIMIT } from '../../../../server/auth/attempts.ts'
import { sessionUser } from '../../../../server/auth/session-user.ts'
import { POST } from './route.ts'

const ORIGIN = 'http://127.0.0.1:3000'
let studio: TestStudio

beforeEach(async () => {
  studio = await testStudio()
})
afterEach(() => studio.dispose())

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return POST(
    new Request(`${ORIGIN}/api/auth${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        host: '127.0.0.1:3000',
        origin: ORIGIN,
        'x-forwarded-for': '127.0.0.1',
        ...headers,
      },
      body: JSON.stringify(body),
    }),
  )
}

const signIn = (email: string, password = SEED_PASSWORD) => post('/sign-in/email', { email, password })
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

/** One wrong password, which counts as the last one allowed: each takes its time to be hashed. */
async function useUpAttempts(email: string): Promise<void> {
  expect((await signIn(email, 'a wrong guess')).status).toBe(401)
  const { count } = await studio.db.rateLimit.updateMany({
    where: { key: { startsWith: 'sign-in|' } },
    data: { count: SIGN_IN_LIMIT.attempts },
  })
  expect(count).toBe(1)
}

test('a person who signs in is known by the cookie, which scripts and other sites cannot use', async () => {
  const user = await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const response = await signIn('Ada@example.org')
  expect(response.status).toBe(200)
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith('refbox.session_token='))
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  expect(await sessionUser(new Headers({ cookie: cookieOf(response) }))).toEqual(user)
})

test('a wrong password and a forged cookie sign nobody in', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  expect((await signIn('ada@example.org', 'not the password')).status).toBe(401)
  expect(await sessionUser(new Headers({ cookie: 'refbox.session_token=made.up' }))).toBeNull()
  expect(await sessionUser(new Headers())).toBeNull()
})

test('after too many wrong passwords even the right one has to wait', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  await useUpAttempts('ada@example.org')
  expect((await signIn('ada@example.org')).status).toBe(429)
  expect((await signIn('someone-else@example.org')).status).toBe(401)
})

test('the wait is not cut short by whoever else signs in meanwhile', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  await useUpAttempts('ada@example.org')
  // Two minutes later better-auth's own short windows are over, and it sweeps.
  for (const { key, lastRequest } of await studio.db.rateLimit.findMany()) {
    await studio.db.rateLimit.update({ where: { key }, data: { lastRequest: lastRequest - 120_000n } })
  }
  await signIn('someone-else@example.org')
  expect((await signIn('ada@example.org')).status).toBe(429)
})

test('nobody can sign up by themselves', async () => {
  const response = await post('/sign-up/email', {
    name: 'Eve',
    email: 'eve@example.org',
    password: 'long enough',
  })
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(await studio.db.user.count()).toBe(0)
})

test('nobody can make themselves the owner of the studio', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const cookie = cookieOf(await signIn('ada@example.org'))
  await post('/update-user', { name: 'Ada', isOwner: true }, { cookie })
  expect((await studio.db.user.findFirstOrThrow()).isOwner).toBe(false)
})

test('signing in from the page of another site is refused', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const body = { email: 'ada@example.org', password: SEED_PASSWORD }
  expect((await post('/sign-in/email', body, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await post('/sign-in/email', body, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
})

test('signing out ends the session on the server', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const cookie = cookieOf(await signIn('ada@example.org'))
  await post('/sign-out', {}, { cookie })
  expect(await sessionUser(new Headers({ cookie }))).toBeNull()
})

test('a new password ends the other sessions', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const stolen = cookieOf(await signIn('ada@example.org'))
  const own = cookieOf(await signIn('ada@example.org'))
  const change = {
    currentPassword: SEED_PASSWORD,
    newPassword: 'a better password',
    revokeOtherSessions: true,
  }
  expect((await post('/change-password', change, { cookie: own })).status).toBe(200)
  expect(await sessionUser(new Headers({ cookie: stolen }))).toBeNull()
})

test('a session that has run out signs nobody in', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const cookie = cookieOf(await signIn('ada@example.org'))
  await studio.db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } })
  expect(await sessionUser(new Headers({ cookie }))).toBeNull()
})

test('a session that is used lives on, and the browser is told', async () => {
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  const cookie = cookieOf(await signIn('ada@example.org'))
  const soon = new Date(Date.now() + 24 * 60 * 60 * 1000)
  await studio.db.session.updateMany({ data: { expiresAt: soon } })
  const answer = new Headers()
  await sessionUser(new Headers({ cookie }), answer)
  expect(answer.getSetCookie().join()).toContain('refbox.session_token=')
  expect((await studio.db.session.findFirstOrThrow()).expiresAt.getTime()).toBeGreaterThan(soon.getTime())
})

test('the key of the cookies is made once and only its owner may read it', async () => {
  await sessionUser(new Headers())
  expect(statSync(studio.paths.secret).mode & 0o777).toBe(0o600)
})
