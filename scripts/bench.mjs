// `npm run bench [-- NAME …]`: runs the measurements of bench/, one process each, one after the other.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const names = readdirSync(path.join(root, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`There is no bench/${unknown[0]}.bench.ts. There are: ${names.join(', ')}.`)
  process.exit(1)
}
for (const name of wanted.length > 0 ? wanted : names) {
  console.log(`\n── ${name} ──`)
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join('bench', `${name}.bench.ts`)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  if (status !== 0) process.exit(status ?? 1)
}
