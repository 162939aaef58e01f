// A step runs again only when what it is made from has changed: its inputs are hashed into a stamp.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * @param root folder of the checkout
 * @param inputs files and folders, relative to the root; a missing one counts as empty
 * @param extra further text that the step depends on (versions, arguments)
 */
export function hashInputs(root, inputs, extra = '') {
  const hash = createHash('sha256').update(extra)
  for (const input of inputs) addToHash(hash, root, input)
  return hash.digest('hex')
}

const IGNORED = new Set(['node_modules', '__pycache__', 'generated', '.venv', 'ort'])

function addToHash(hash, root, relative) {
  const full = path.join(root, relative)
  if (!existsSync(full)) return
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (!IGNORED.has(name)) addToHash(hash, root, path.join(relative, name))
    }
    return
  }
  hash.update(relative.split(path.sep).join('/')).update('\0').update(readFileSync(full)).update('\0')
}

export function isFresh(root, step, hash) {
  const file = stampFile(root, step)
  return existsSync(file) && readFileSync(file, 'utf8') === hash
}

export function writeStamp(root, step, hash) {
  const file = stampFile(root, step)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, hash)
}

function stampFile(root, step) {
  return path.join(root, '.setup', step)
}
