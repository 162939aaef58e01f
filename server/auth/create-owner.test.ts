import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { CODE_LIMIT } from './attempts.ts'
import { isLoopback, ownerCode } from './owner-code.ts'

const OWNER = { name: 'Ada', email: 'ada@example.org', password: 'a long password', code: '' }
let studio: TestStudio

beforeEach(async () => {
  studio = await testStudio()
})
afterEach(() => studio.dispose())

test('the first visitor at this machine becomes the owner without a code', async () => {
  const visitor = studio.as(null, { isLocalVisitor: true })
  expect(await visitor.auth.state()).toEqual({ needsOwner: true, needsCode: false, viewer: null })
  const owner = await visitor.auth.createOwner(OWNER)
  expect(owner.isOwner).toBe(true)
  expect(await visitor.auth.state()).toEqual({ needsOwner: false, needsCode: false, viewer: null })
})

test('a visitor from elsewhere needs the code of the terminal, which is good for one owner', async () => {
  const visitor = studio.as(null)
  expect((await visitor.auth.state()).needsCode).toBe(true)
  const code = await ownerCode(studio.paths)
  await expect(visitor.auth.createOwner({ ...OWNER, code: 'AAAA-AAAA-AAAA' })).rejects.toThrow(
    'one-time code',
  )
  await visitor.auth.createOwner({ ...OWNER, code: code.toLowerCase().replaceAll('-', ' ') })
  expect(existsSync(path.join(studio.paths.root, 'owner-code'))).toBe(false)
})

test('the code cannot be guessed at leisure', async () => {
  const visitor = studio.as(null)
  for (let attempt = 0; attempt < CODE_LIMIT.attempts; attempt += 1) {
    await expect(visitor.auth.createOwner({ ...OWNER, code: `GUESS-${attempt}` })).rejects.toThrow('code')
  }
  const code = await ownerCode(studio.paths)
  await expect(visitor.auth.createOwner({ ...OWNER, code })).rejects.toThrow('Too many attempts')
})

test('of two first visits at the same moment one makes the owner', async () => {
  const visitor = studio.as(null, { isLocalVisitor: true })
  const answers = await Promise.allSettled([
    visitor.auth.createOwner(OWNER),
    visitor.auth.createOwner({ ...OWNER, email: 'eve@example.org' }),
  ])
  expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await studio.db.user.count()).toBe(1)
})

test('loopback is told from the rest by name and number', () => {
  for (const host of ['127.0.0.1', '127.0.0.1:3000', 'localhost:80', '[::1]:3000', '::1']) {
    expect(isLoopback(host), host).toBe(true)
  }
  for (const host of [
    '0.0.0.0',
    '192.168.1.4:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '',
  ]) {
    expect(isLoopback(host), host).toBe(false)
  }
})
