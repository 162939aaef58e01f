import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SEED_PASSWORD, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { authOf } from './auth.ts'

/** Another process, as the run worker is one, that writes small rows all the time. */
const WRITER = `
  const { createClient } = require('@libsql/client')
  const db = createClient({ url: 'file:' + process.argv[1], timeout: 10000 })
  const write = async () => {
    await db.execute("INSERT INTO Verification VALUES (hex(randomblob(8)), 'x', 'x', 0, 0, 0)")
    setTimeout(write, 25)
  }
  write().then(() => console.log('writing'))
`

let studio: TestStudio
let writer: ChildProcess

beforeAll(async () => {
  studio = await testStudio()
  await seedUser(studio, { email: 'ada@example.org', canSignIn: true })
  writer = spawn(process.execPath, ['-e', WRITER, studio.paths.database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (writer.stdout) await once(writer.stdout, 'data')
})
afterAll(async () => {
  writer.kill()
  await studio.dispose()
})

test('signing in waits for what another process writes, instead of failing', async () => {
  const { handler } = await authOf(studio)
  const signIn = () =>
    handler(
      new Request('http://127.0.0.1/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ada@example.org', password: SEED_PASSWORD }),
      }),
    )
  const statuses: number[] = []
  for (let n = 0; n < 6; n += 1) statuses.push((await signIn()).status)
  expect(new Set(statuses)).toEqual(new Set([200]))
})
