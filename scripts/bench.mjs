// `npm run bench [-- NAME …]`: runs the measurements of bench/, one process each, one after the other.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { environmentPython } from './setup/requirements.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
/** Those of the trainer are Python. One needs a GPU and two take half an hour, so they run only when named. */
const ONLY_BY_NAME = ['relabel', 'trainer_gpu', 'trainer_kill']

const benches = new Map(
  readdirSync(path.join(root, 'bench')).flatMap((file) => {
    const name = /^(\w+)(?:\.bench\.ts|\.py)$/.exec(file)?.[1]
    return name ? [[name, path.join('bench', file)]] : []
  }),
)
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !benches.has(name))
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown[0]}. There are: ${[...benches.keys()].join(', ')}.`)
  process.exit(1)
}
const chosen = wanted.length > 0 ? wanted : [...benches.keys()].filter((name) => !ONLY_BY_NAME.includes(name))
for (const name of chosen) {
  console.log(`\n── ${name} ──`)
  const file = benches.get(name)
  const [program, ...args] = file.endsWith('.py')
    ? [process.env.REFBOX_PYTHON ?? environmentPython(root), file]
    : [process.execPath, '--import', 'tsx', file]
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
