import { spawn } from 'node:child_process'
import type { TrainerCommand } from './trainer-command.ts'

export interface Captured {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** More output than this is no report but a runaway process. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024

/**
 * Runs a short verb of the trainer to its end and keeps what it printed.
 * @throws the system's error when it cannot be started, and `AbortError` when `signal` aborts
 */
export function capture(command: TrainerCommand, cwd: string, signal: AbortSignal): Promise<Captured> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, command.args, {
      cwd,
      env: command.environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      signal,
    })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text
        if (output[stream].length > MAX_OUTPUT_BYTES) child.kill('SIGKILL')
      })
    }
    child.once('error', reject)
    child.once('close', (code, exitSignal) => resolve({ code, signal: exitSignal, ...output }))
  })
}
