// `npm test`: set-up, then everything that can tell that something is broken, cheapest first; ends with one
// line `N passed, N failed`. `npm test -- unit e2e` runs only the named parts.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkNode, environmentPython, SetupError } from './setup/requirements.mjs'
import { setup } from './setup/steps.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const python = process.env.REFBOX_PYTHON ?? environmentPython(root)
const vitest = 'node_modules/vitest/vitest.mjs'
const reports = mkdtempSync(path.join(tmpdir(), 'refbox-test-'))

const PARTS = {
  checks: async () => {
    const { CHECKS, runChecks } = await import('./check.mjs')
    const failed = runChecks().length
    return { passed: Object.keys(CHECKS).length - failed, failed }
  },
  unit: () => vitestPart('unit', ['run']),
  trainer: async () => {
    const report = path.join(reports, 'trainer.xml')
    const code = await stream(python, ['-m', 'pytest', 'trainer/tests', '-q', `--junitxml=${report}`], {
      OMP_NUM_THREADS: '1',
    })
    return junitCounts(report, code)
  },
  e2e: () => vitestPart('e2e', ['run', '--config', 'e2e/vitest.config.ts']),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in PARTS))
if (unknown.length > 0) {
  console.error(`Unknown part: ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`)
  process.exit(1)
}

let passed = 0
let failed = 0
try {
  checkNode()
  await setup(root, { say: (line) => console.log(`  ${line} …`), tests: true })
  for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
    console.log(`\n── ${name} ──`)
    const counts = await PARTS[name]()
    passed += counts.passed
    failed += counts.failed
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  failed += 1
} finally {
  rmSync(reports, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function vitestPart(name, args) {
  const report = path.join(reports, `${name}.json`)
  const code = await stream(process.execPath, [
    vitest,
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { numPassedTests, numFailedTests, testResults } = readReport(report)
  // A file that cannot even be loaded has no tests to count, but it has failed.
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return counts(numPassedTests, numFailedTests + broken, code)
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] }
  }
}

function junitCounts(file, code) {
  let text = ''
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return counts(0, 0, code)
  }
  const attribute = (name) => Number(text.match(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`))?.[1] ?? 0)
  const bad = attribute('failures') + attribute('errors')
  return counts(attribute('tests') - bad - attribute('skipped'), bad, code)
}

/** A runner that ended badly without a failed test (no test found, a crash) counts as one failure. */
function counts(good, bad, code) {
  return { passed: good, failed: code !== 0 && bad === 0 ? 1 : bad }
}

function stream(command, args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.on('close', resolve)
  })
}
