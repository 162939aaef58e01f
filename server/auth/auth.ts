import { createHash } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { isStudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { countAttempt, forgetAttempts, SIGN_IN_LIMIT } from './attempts.ts'
import { secretFile, sessionSecret } from './secret-file.ts'

const DAY_SECONDS = 24 * 60 * 60

/** What better-auth offers and this studio has no use for: closed, so that nobody has to think about it. */
const CLOSED_PATHS = [
  '/sign-up/email',
  '/sign-in/social',
  '/link-social',
  '/unlink-account',
  '/request-password-reset',
  '/reset-password',
  '/send-verification-email',
  '/verify-email',
  '/change-email',
  '/delete-user',
]

export type Auth = Awaited<ReturnType<typeof createAuth>>

const made = new WeakMap<Studio['db'], Promise<Auth>>()

/** Sessions of one studio; made once for each open database. */
export function authOf(studio: Studio): Promise<Auth> {
  const existing = made.get(studio.db)
  if (existing) return existing
  const fresh = createAuth(studio)
  made.set(studio.db, fresh)
  return fresh
}

async function createAuth({ db, paths }: Studio) {
  return betterAuth({
    appName: 'RefBox Studio',
    basePath: '/api/auth',
    secret: await secretFile(paths.secret, sessionSecret),
    database: prismaAdapter(db, { provider: 'sqlite' }),
    // Accounts are made by our own flows only: the first visit, and invitations.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    user: { additionalFields: { isOwner: { type: 'boolean', input: false, defaultValue: false } } },
    session: { expiresIn: 30 * DAY_SECONDS, updateAge: DAY_SECONDS },
    disabledPaths: CLOSED_PATHS,
    rateLimit: {
      enabled: true,
      storage: 'database',
      // The longest window decides when better-auth sweeps this table, our own attempts included.
      window: SIGN_IN_LIMIT.windowSeconds,
      max: 1000,
      customRules: { '/sign-in/*': { window: 60, max: 30 }, '/get-session': false },
    },
    // The route has compared the origin with the host already (requireSameOrigin); better-auth would
    // compare it with the address Next was bound to, which is not what the browser calls it.
    trustedOrigins: async (request) => [request?.headers.get('origin') ?? ''].filter(Boolean),
    // A Secure cookie would not come back over plain HTTP in a local network.
    advanced: { useSecureCookies: false, cookiePrefix: 'refbox' },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        const key = context.path === '/sign-in/email' ? signInKey(context.body) : null
        if (!key) return
        await countAttempt(db, key, SIGN_IN_LIMIT).catch((error: unknown) => {
          if (!isStudioError(error)) throw error
          throw new APIError('TOO_MANY_REQUESTS', { code: 'RATE_LIMITED', message: error.userMessage })
        })
      }),
      after: createAuthMiddleware(async (context) => {
        const key = context.path === '/sign-in/email' ? signInKey(context.body) : null
        if (key && context.context.newSession) await forgetAttempts(db, key)
      }),
    },
  })
}

/** Hashed, so that the table of attempts is not a list of addresses that people mistyped. */
function signInKey(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('email' in body) || typeof body.email !== 'string')
    return null
  return `sign-in|${createHash('sha256').update(body.email.trim().toLowerCase()).digest('hex')}`
}
