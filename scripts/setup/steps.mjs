// The steps between a fresh clone and a studio that can start, in order. Built with Node alone: node_modules
// is what the first of them makes.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkOwnPython, environmentPython, findPython, SetupError } from './requirements.mjs'
import { hashInputs, isFresh, writeStamp } from './stamps.mjs'

const BUILD_INPUTS = [
  'package-lock.json',
  'next.config.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
  'prisma/schema.prisma',
  'app',
  'components',
  'server',
  'public',
]

/** Everything `npm start` needs. @param say called with one line per step that has to run */
export async function setup(root, { say, tests = false, build = true }) {
  await nodePackages(root, say)
  await pythonPackages(root, say, tests)
  await once(root, 'prisma', ['prisma/schema.prisma', 'package-lock.json'], 'prisma/generated', async () => {
    say('Generating the database client')
    await run(root, process.execPath, ['scripts/generate-prisma.mjs'])
  })
  await once(root, 'ort', ['package-lock.json'], 'public/ort', async () => {
    say('Copying the browser inference runtime')
    await run(root, process.execPath, ['scripts/copy-ort.mjs'])
  })
  if (build) {
    await once(root, 'build', BUILD_INPUTS, '.next/BUILD_ID', async () => {
      say('Building the pages (about a minute, once)')
      await run(root, process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_ENV: 'production',
      })
    })
  }
}

async function nodePackages(root, say) {
  await once(root, 'node', ['package.json', 'package-lock.json'], 'node_modules', async () => {
    say('Installing node packages (a minute or two, once)')
    // Install scripts would download engines and binaries that the packages do not need here.
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    await run(root, npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev'])
  })
}

async function pythonPackages(root, say, tests) {
  const own = process.env.REFBOX_PYTHON
  if (own) {
    checkOwnPython(own)
    return
  }
  const lists = tests
    ? ['trainer/requirements.txt', 'trainer/requirements-dev.txt']
    : ['trainer/requirements.txt']
  const python = environmentPython(root)
  if (!existsSync(python)) {
    const maker = findPython()
    say('Making the Python environment trainer/.venv')
    await run(root, maker, ['-m', 'venv', 'trainer/.venv']).catch((cause) => {
      throw new SetupError(
        `${maker} could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv\n${cause.message}`,
      )
    })
  }
  for (const list of lists) {
    await once(root, `python-${path.basename(list, '.txt')}`, [list], python, async () => {
      say(`Installing the Python packages of ${list} (some minutes, once)`)
      const extra = (process.env.REFBOX_PIP_ARGS ?? '').split(' ').filter(Boolean)
      await run(root, python, ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', list, ...extra])
    })
  }
}

async function once(root, step, inputs, product, work) {
  const hash = hashInputs(root, inputs, process.version)
  if (existsSync(path.resolve(root, product)) && isFresh(root, step, hash)) {
    return
  }
  await work()
  writeStamp(root, step, hash)
}

/** Runs a command quietly; when it fails its output is shown. */
export function run(root, command, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) => reject(new SetupError(`${command} could not be run: ${error.message}`)))
    child.on('close', (code) => {
      if (code === 0) return resolve(undefined)
      const text = Buffer.concat(output).toString('utf8')
      reject(
        new SetupError(`${text.slice(-6000)}\n\`${[command, ...args].join(' ')}\` ended with code ${code}.`),
      )
    })
  })
}

export function packageVersion(root) {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version
}
