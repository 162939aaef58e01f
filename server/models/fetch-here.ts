import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { FetchModel } from '../contracts/fetch-event.ts'
import type { TaskProgress } from '../contracts/worker.ts'
import { StudioError } from '../errors.ts'
import { fetchCommand } from '../jobs/trainer-command.ts'
import type { Studio } from '../studio.ts'
import { fetchFiles } from './fetch-files.ts'
import { fetchArguments, fetchFailure, fetchProgress } from './fetch-task.ts'
import { fetchFolder } from './queue-fetch.ts'
import { register } from './register-models.ts'

/** Of what the process printed, this much is enough to say why it failed. */
const KEPT_LINES = 200

/**
 * Fetches a base model in this process's own time, for the command line: no worker is needed, and Ctrl+C ends it.
 * The same call goes on where it stopped, as does the worker.
 * @throws StudioError BAD_FILE that says why, and without network which files to bring
 */
export async function fetchHere(
  studio: Studio,
  input: FetchModel,
  onProgress: (progress: TaskProgress) => void,
): Promise<{ id: string; folder: string }> {
  const name = await fetchFolder(studio, input)
  const { target } = fetchFiles(studio.paths, name)
  await mkdir(studio.paths.models, { recursive: true })
  const { program, args, environment } = fetchCommand(fetchArguments(input, target))
  const child = spawn(program, args, {
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const ended = new Promise<string | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : code === null ? `signal ${signal}` : `exit code ${code}`),
    )
  })
  const printed: string[] = []
  const keep = (line: string) => {
    printed.push(line)
    if (printed.length > KEPT_LINES) printed.shift()
  }
  createInterface({ input: child.stderr }).on('line', keep)
  createInterface({ input: child.stdout }).on('line', (line) => {
    keep(line)
    const progress = fetchProgress(line)
    if (progress) onProgress(progress)
  })
  const ending = await ended
  if (ending !== null) {
    const { message, whatToDo, ...details } = fetchFailure(printed.join('\n'), ending)
    throw new StudioError('BAD_FILE', { message: `${message} ${whatToDo}`.trim(), details })
  }
  const id = await register(studio, { folder: target, stored: `models/${name}`, source: 'folder', name })
  return { id, folder: target }
}
