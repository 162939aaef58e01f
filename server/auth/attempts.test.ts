import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { countAttempt, forgetAttempts } from './attempts.ts'

const LIMIT = { attempts: 3, windowSeconds: 600 }
let studio: TestStudio

beforeEach(async () => {
  studio = await testStudio()
})
afterEach(() => studio.dispose())

const attempt = (key = 'door') => countAttempt(studio.db, key, LIMIT)

async function letTimePass(seconds: number): Promise<void> {
  for (const { key, lastRequest } of await studio.db.rateLimit.findMany()) {
    const earlier = lastRequest - BigInt(seconds * 1000)
    await studio.db.rateLimit.update({ where: { key }, data: { lastRequest: earlier } })
  }
}

test('the attempt after the last one allowed is refused, and says how long to wait', async () => {
  for (let n = 0; n < LIMIT.attempts; n += 1) await attempt()
  await letTimePass(200)
  const refusal = await attempt().catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'RATE_LIMITED' })
  expect(
    (refusal as { details: { retryAfterSeconds: number } }).details.retryAfterSeconds,
  ).toBeLessThanOrEqual(400)
  await attempt('another door')
})

test('knocking on does not make the wait longer', async () => {
  for (let n = 0; n < LIMIT.attempts; n += 1) await attempt()
  await letTimePass(400)
  await expect(attempt()).rejects.toThrow('Too many attempts')
  await letTimePass(200)
  await attempt()
})

test('attempts at the same moment all count', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 6 }, () => attempt()))
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(LIMIT.attempts)
})

test('a success forgets the mistakes before it', async () => {
  for (let n = 0; n < LIMIT.attempts; n += 1) await attempt()
  await forgetAttempts(studio.db, 'door')
  await attempt()
})
