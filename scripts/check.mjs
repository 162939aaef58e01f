// `npm run check`: every tool that reads the code without running it. Prints a line for each and fails when
// one of them has anything to say.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { environmentPython } from './setup/requirements.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const python = process.env.REFBOX_PYTHON ?? environmentPython(root)
const module = (file, ...args) => [process.execPath, [path.join('node_modules', file), ...args]]

export const CHECKS = {
  format: module('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off', '.'),
  types: module('typescript/bin/tsc', '--noEmit', '-p', '.'),
  'import directions': module(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'app',
    'components',
    'server',
    'prisma/seed',
  ),
  'python style': [python, ['-m', 'ruff', 'check', 'trainer']],
  'python format': [python, ['-m', 'ruff', 'format', '--check', 'trainer']],
  'python types': [python, ['-m', 'pyright', '--project', 'trainer']],
}

/** @returns names of the checks that failed, their output already shown */
export function runChecks() {
  const failed = []
  for (const [name, [command, args]] of Object.entries(CHECKS)) {
    const started = performance.now()
    const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const passed = result.status === 0
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
    if (passed) continue
    failed.push(name)
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.slice(-8000))
  }
  return failed
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exit(runChecks().length === 0 ? 0 : 1)
}
