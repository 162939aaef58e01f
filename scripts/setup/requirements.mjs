// What must be on the machine before anything else, and the words for when it is not.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

export const MINIMUM_NODE = [20, 19]
export const MINIMUM_PYTHON = [3, 11]

/** Ends a script with words a person can act on instead of a stack trace. */
export class SetupError extends Error {}

export function checkNode(version = process.versions.node) {
  const found = version.split('.').map(Number)
  if (older(found, MINIMUM_NODE)) {
    throw new SetupError(
      `RefBox Studio needs Node ${MINIMUM_NODE.join('.')} or newer; this is ${version}.\n` +
        'Install a current LTS release from nodejs.org or your package manager, then run the command again.',
    )
  }
}

/** Interpreter inside the environment that setup makes. */
export function environmentPython(root) {
  const inside = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'
  return path.join(root, 'trainer/.venv', inside)
}

/**
 * The interpreter that makes the environment.
 * @param candidates command names, best first
 */
export function findPython(candidates = ['python3.12', 'python3.11', 'python3', 'python', 'python3.13']) {
  const seen = []
  for (const command of candidates) {
    const version = pythonVersion(command)
    if (!version) continue
    if (!older(version, MINIMUM_PYTHON)) return command
    seen.push(`${command} is ${version.join('.')}`)
  }
  throw new SetupError(
    seen.length > 0
      ? `RefBox Studio needs Python ${MINIMUM_PYTHON.join('.')} or newer for the trainer; found only: ${seen.join(', ')}.\n` +
          'Install a newer Python, or set REFBOX_PYTHON to an interpreter that has the packages of trainer/requirements.txt.'
      : `No Python was found. The trainer needs Python ${MINIMUM_PYTHON.join('.')} or newer (3.11 is what is tested).\n` +
          'Install it (Debian, Ubuntu: apt install python3 python3-venv; others: python.org), or set REFBOX_PYTHON.',
  )
}

/** An interpreter named by the user is taken as it is: clusters bring their own packages. */
export function checkOwnPython(command) {
  if (path.isAbsolute(command) && !existsSync(command)) {
    throw new SetupError(`REFBOX_PYTHON names ${command}, which does not exist.`)
  }
  const version = pythonVersion(command)
  if (!version) throw new SetupError(`REFBOX_PYTHON names ${command}, which is not a Python that runs.`)
  const probe = spawnSync(
    command,
    ['-c', 'import torch, transformers, peft, safetensors, PIL, onnx, onnxruntime, onnxscript'],
    { encoding: 'utf8' },
  )
  if (probe.status !== 0) {
    const last = probe.stderr.trim().split('\n').at(-1)
    throw new SetupError(
      `${command} lacks a package of the trainer (${last}).\n` +
        `Install them there: ${command} -m pip install -r trainer/requirements.txt`,
    )
  }
}

function pythonVersion(command) {
  const result = spawnSync(command, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' })
  if (result.status !== 0) return null
  return result.stdout.trim().split(' ').map(Number)
}

function older(found, minimum) {
  return found[0] < minimum[0] || (found[0] === minimum[0] && found[1] < minimum[1])
}
