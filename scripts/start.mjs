// `npm start`: set-up, data folder, web server and run worker; one line with the address.
import { spawn, spawnSync } from 'node:child_process'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkNode, SetupError } from './setup/requirements.mjs'
import { setup } from './setup/steps.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const host = process.env.HOST ?? '127.0.0.1'
const port = Number(process.env.PORT ?? 3000)

/** Time a child gets to end by itself after Ctrl+C. Runs are processes of their own and go on. */
const GRACE_MS = 10_000
/** A process that dies is started again, but not in a tight loop. */
const RESTART_MS = 2_000

const children = new Map()
let ending = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0))
endWithNpm()

try {
  checkNode()
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new SetupError(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`)
  }
  await requireFreePort()
  await setup(root, { say: (line) => console.log(`  ${line} …`) })
  const data = prepareData()
  startWeb()
  startWorker()
  await healthy()
  const shown = host.includes(':') ? `[${host}]` : host
  console.log(`RefBox Studio is ready: http://${shown}:${port}`)
  if (data.code) {
    console.log(`First visit: the page asks for this one-time code to make the owner account: ${data.code}`)
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  if (!ending) console.error(error.message)
  await end(1)
}

function requireFreePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', (error) => {
      const words =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use, perhaps by a studio that is running already.\nOpen http://${host}:${port}, or choose another port: PORT=${port + 1} npm start`
          : `Cannot listen on ${host}:${port}: ${error.message}. Set HOST and PORT to an address of this machine.`
      reject(new SetupError(words))
    })
    probe.listen(port, host, () => probe.close(resolve))
  })
}

/**
 * npm runs this script in a shell. A service manager that ends npm ends that shell, which tells nobody; without
 * this the servers would run on and hold the port.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return
  const shell = process.ppid
  setInterval(() => {
    if (process.ppid !== shell) end(0)
  }, 1000).unref()
}

function prepareData() {
  const result = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/prepare-data.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, HOST: host },
  })
  if (result.status !== 0) throw new SetupError(result.stderr.trim())
  return JSON.parse(result.stdout.trim().split('\n').at(-1))
}

function startWeb() {
  keepAlive('web', ['node_modules/next/dist/bin/next', 'start', '-H', host, '-p', String(port)])
}

function startWorker() {
  keepAlive('worker', ['--import', 'tsx', 'server/jobs/worker.ts'])
}

/** Runs are processes of their own, so either of the two may die and come back without harm to them. */
function keepAlive(name, args) {
  launch(name, args).on('exit', (code, signal) => {
    if (ending) return
    console.error(`The ${name} process ended unexpectedly (${signal ?? `code ${code}`}); starting it again.`)
    setTimeout(() => ending || keepAlive(name, args), RESTART_MS)
  })
}

function launch(name, args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      HOST: host,
      PORT: String(port),
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    // The address line is ours; the server's own banner would only repeat it. Errors are shown.
    stdio: ['ignore', name === 'web' ? 'ignore' : 'inherit', 'inherit'],
  })
  children.set(name, child)
  return child
}

async function healthy() {
  const target = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline && !ending) {
    const answer = await fetch(`http://${target}:${port}/api/health`).catch(() => null)
    const body = answer?.ok ? await answer.json() : null
    if (body?.worker === 'up') return
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new SetupError('The studio did not come up within a minute; the lines above tell why.')
}

async function end(code) {
  if (ending) return
  ending = true
  const alive = [...children.values()].filter((child) => child.exitCode === null && child.signalCode === null)
  const gone = alive.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of alive) child.kill('SIGTERM')
  const timer = setTimeout(() => {
    for (const child of alive) child.kill('SIGKILL')
  }, GRACE_MS)
  await Promise.all(gone)
  clearTimeout(timer)
  process.exit(code)
}
