import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@libsql/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { patientClient } from './patient-client.ts'

let folder: string
let web: Client
let worker: Client

const open = (patienceMs: number): Client =>
  patientClient(createClient({ url: `file:${path.join(folder, 'test.db')}` }), patienceMs)
const insert = (id: string) => ({ sql: 'INSERT INTO t VALUES (?) RETURNING id', args: [id] })
const ids = async (client: Client) =>
  (await client.execute('SELECT id FROM t ORDER BY id')).rows.map(({ id }) => id)

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'refbox-patient-'))
  web = open(10_000)
  await web.execute('PRAGMA journal_mode = WAL')
  await web.execute('CREATE TABLE t (id TEXT PRIMARY KEY)')
  worker = open(0)
})
afterEach(() => {
  web.close()
  worker.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('two processes that write one file', () => {
  it('wait for each other, and go on with other work meanwhile', async () => {
    const busy = await worker.transaction('write')
    await busy.execute(insert('a'))
    let isWritten = false
    const waiting = web.execute(insert('b')).then(() => {
      isWritten = true
    })
    expect(await ids(web)).toEqual([])
    await busy.execute(insert('c'))
    expect(isWritten).toBe(false)
    await busy.commit()
    await waiting
    expect(await ids(worker)).toEqual(['a', 'b', 'c'])
  })

  it.each(['execute', 'transaction'] as const)(
    'are as before once an %s has found the file locked for too long',
    async (way) => {
      const busy = await web.transaction('write')
      await busy.execute(insert('a'))
      const refused = way === 'execute' ? worker.execute(insert('b')) : worker.transaction('write')
      await expect(refused).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
      await busy.commit()
      await worker.execute(insert('c'))
      await web.execute(insert('d'))
      await worker.execute(insert('e'))
      expect(await ids(web)).toEqual(['a', 'c', 'd', 'e'])
    },
  )

  it('are as before once a statement was refused for what it says', async () => {
    await worker.execute(insert('a'))
    await expect(worker.execute(insert('a'))).rejects.toThrow('UNIQUE')
    await expect(worker.execute('SELECT missing FROM t')).rejects.toThrow('no such column')
    await web.execute(insert('b'))
    await worker.execute(insert('c'))
    expect(await ids(web)).toEqual(['a', 'b', 'c'])
  })

  it('leave nothing of a transaction that was rolled back', async () => {
    const transaction = await worker.transaction('write')
    await transaction.execute(insert('a'))
    await expect(transaction.execute(insert('a'))).rejects.toThrow('UNIQUE')
    await transaction.rollback()
    await web.execute(insert('b'))
    expect(await ids(worker)).toEqual(['b'])
  })
})
