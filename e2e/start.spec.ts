// What `npm start` says and does when something is in its way.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './support/browser.ts'
import { createOwner } from './support/people.ts'
import { freePort, Studio } from './support/studio.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'refbox-start-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('npm start', () => {
  it('says that the port is in use and which one to try', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { status, stderr } = start({ PORT: String(port) })
    other.close()
    expect(status).toBe(1)
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`)
    expect(stderr).toContain(`PORT=${port + 1} npm start`)
  })

  it('says that PORT is no port', () => {
    const { status, stderr } = start({ PORT: 'http' })
    expect(status).toBe(1)
    expect(stderr).toContain('PORT must be a number from 1 to 65535')
  })

  it('says which Python it needs when REFBOX_PYTHON names none', async () => {
    const { status, stderr } = start({ PORT: await otherPort(), REFBOX_PYTHON: '/nowhere/python3' })
    expect(status).toBe(1)
    expect(stderr).toContain('REFBOX_PYTHON names /nowhere/python3, which does not exist')
  })

  it('says what a Python of one’s own lacks', async () => {
    const bare = path.join(folder, 'python-without-packages')
    writeFileSync(
      bare,
      '#!/bin/sh\ncase "$2" in *version_info*) echo 3 12;; *) echo "ModuleNotFoundError: No module named \'torch\'" >&2; exit 1;; esac\n',
    )
    chmodSync(bare, 0o755)
    const { status, stderr } = start({ PORT: await otherPort(), REFBOX_PYTHON: bare })
    expect(status).toBe(1)
    expect(stderr).toContain("No module named 'torch'")
    expect(stderr).toContain('pip install -r trainer/requirements.txt')
  })

  it('says that the data folder cannot be written', async () => {
    // A file where the folder should be: also root, who may write everywhere, cannot use it.
    const file = path.join(folder, 'a-file')
    writeFileSync(file, '')
    const { status, stderr } = start({ PORT: await otherPort(), REFBOX_DATA: path.join(file, 'data') })
    expect(status).toBe(1)
    expect(stderr).toContain('cannot be written')
    expect(stderr).toContain('REFBOX_DATA=')
  })

  it('asks for the one-time code on the first visit when others can reach it', async () => {
    const studio = await Studio.start({ HOST: '0.0.0.0' })
    const browser = await openBrowser()
    try {
      const code = /owner account: (\S+)/.exec(studio.output)?.[1]
      expect(code).toBeDefined()
      const { page } = await openPage(browser)
      await page.goto(studio.url)
      await createOwner(page, code)
    } finally {
      await browser.close()
      await studio.dispose()
    }
  })

  it('ends cleanly on Ctrl+C and starts again with what was there', async () => {
    const studio = await Studio.start()
    try {
      const first = (await (await fetch(`${studio.url}/api/health`)).json()) as {
        ok: boolean
        worker: string
      }
      expect(first).toMatchObject({ ok: true, worker: 'up' })
      expect(await studio.stop()).toBe(0)
      await expect(fetch(`${studio.url}/api/health`)).rejects.toThrow()
      expect(existsSync(path.join(studio.dataDir, 'refbox.db'))).toBe(true)
      await studio.start()
      expect((await fetch(`${studio.url}/api/health`)).status).toBe(200)
    } finally {
      await studio.dispose()
    }
  })

  it('ends with npm, when a service manager stops npm alone', async () => {
    const port = await freePort()
    const data = path.join(folder, 'data-of-a-service')
    mkdirSync(data)
    const npm = spawn('npm', ['start'], {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port), REFBOX_DATA: data },
      stdio: 'ignore',
    })
    const health = () => fetch(`http://127.0.0.1:${port}/api/health`).then((answer) => answer.status)
    await expect.poll(() => health().catch(() => 0), { timeout: 60_000 }).toBe(200)
    npm.kill('SIGTERM')
    await expect.poll(() => health().catch(() => 'ended'), { timeout: 20_000 }).toBe('ended')
  })
})

/** A port of one's own: a studio may be running on the usual one while the tests run. */
async function otherPort(): Promise<string> {
  return String(await freePort())
}

function start(environment: Record<string, string>): SpawnSyncReturns<string> {
  const data = path.join(folder, 'data')
  mkdirSync(data, { recursive: true })
  return spawnSync(process.execPath, ['scripts/start.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 110_000,
    env: { ...process.env, REFBOX_DATA: data, ...environment },
  })
}
