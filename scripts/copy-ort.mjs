// Puts onnxruntime's WebAssembly beside the pages, under a folder named by its version, so that it can be
// cached for ever and no request leaves the server.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = path.join(root, 'node_modules/onnxruntime-web')
const { version } = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8'))
const target = path.join(root, 'public/ort', version)
await mkdir(target, { recursive: true })
for (const build of ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify']) {
  for (const extension of ['mjs', 'wasm']) {
    await copyFile(
      path.join(source, 'dist', `${build}.${extension}`),
      path.join(target, `${build}.${extension}`),
    )
  }
}
await writeFile(path.join(root, 'public/ort/version.json'), `${JSON.stringify({ version })}\n`)
