// `npm run dev`: the pages with reload, and the worker, on the same data folder.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkNode } from './setup/requirements.mjs'
import { setup } from './setup/steps.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const host = process.env.HOST ?? '127.0.0.1'
const port = process.env.PORT ?? '3000'
checkNode()
await setup(root, { say: (line) => console.log(`  ${line} …`), build: false })
const prepared = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/prepare-data.ts'], {
  cwd: root,
  stdio: 'inherit',
})
if (prepared.status !== 0) process.exit(1)

const options = { cwd: root, stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } }
const children = [
  spawn(process.execPath, ['node_modules/next/dist/bin/next', 'dev', '-H', host, '-p', port], options),
  spawn(process.execPath, ['--import', 'tsx', '--watch-path=server', 'server/jobs/worker.ts'], options),
]
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of children) child.kill('SIGTERM')
  })
}
