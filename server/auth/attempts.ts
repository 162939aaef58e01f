import type { Database } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'

/** How often something may be tried before a pause. */
export interface AttemptLimit {
  attempts: number
  windowSeconds: number
}

/** Passwords of one account. People mistype; a guesser gets 960 tries a day. */
export const SIGN_IN_LIMIT: AttemptLimit = { attempts: 10, windowSeconds: 15 * 60 }
/** The one-time code of the first visit has 59 bits, so this is a second lock. */
export const CODE_LIMIT: AttemptLimit = { attempts: 20, windowSeconds: 15 * 60 }

/**
 * Counts one attempt under `key` and refuses when there were too many. Counted by what is attacked,
 * not by address: the server behind Next believes any X-Forwarded-For header.
 * @throws StudioError RATE_LIMITED with `details.retryAfterSeconds`
 */
export async function countAttempt(db: Database, key: string, limit: AttemptLimit): Promise<void> {
  const now = Date.now()
  const retryAt = await write(db, async (tx) => {
    const row = await tx.rateLimit.findUnique({ where: { key } })
    const windowStart = row ? Number(row.lastRequest) : now
    const ended = now - windowStart >= limit.windowSeconds * 1000
    if (!row || ended) {
      const fresh = { count: 1, lastRequest: BigInt(now) }
      await tx.rateLimit.upsert({ where: { key }, create: { id: newId('l'), key, ...fresh }, update: fresh })
      return null
    }
    if (row.count >= limit.attempts) return windowStart + limit.windowSeconds * 1000
    await tx.rateLimit.update({ where: { key }, data: { count: row.count + 1 } })
    return null
  })
  if (retryAt === null) return
  const retryAfterSeconds = Math.ceil((retryAt - now) / 1000)
  throw new StudioError('RATE_LIMITED', {
    message: `Too many attempts. Try again in ${Math.ceil(retryAfterSeconds / 60)} min.`,
    details: { reason: 'tooManyAttempts', retryAfterSeconds },
  })
}

/** After a success the earlier mistakes do not count any more. */
export async function forgetAttempts(db: Database, key: string): Promise<void> {
  await db.rateLimit.deleteMany({ where: { key } })
}
