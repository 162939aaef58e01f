// Cold and warm `npm start`: a fresh clone until the address is printed, then the same again.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../e2e/support/studio.ts'
import { report, timed } from './support/report.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'refbox-bench-start-'))
try {
  const clone = path.join(folder, 'clone')
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${process.cwd()}`, clone])
  const cold = await timed(() => startAndStop(clone))
  const warm = await timed(() => startAndStop(clone))
  report('npm start, from the command to the address', [
    { name: 'cold (fresh clone: packages, Python, build)', seconds: cold.seconds },
    { name: 'warm (second start)', seconds: warm.seconds },
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function startAndStop(clone: string): Promise<void> {
  const port = await freePort()
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...process.env, PORT: String(port), REFBOX_DATA: path.join(clone, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString('utf8').includes('is ready')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`npm start ended with code ${code}`)))
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.pid) process.kill(-child.pid, 'SIGINT')
  await ended
}
