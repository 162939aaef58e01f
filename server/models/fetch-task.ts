import { mkdir } from 'node:fs/promises'
import { FetchEvent, type FetchFailure } from '../contracts/fetch-event.ts'
import type { TaskPayload, TaskProgress } from '../contracts/worker.ts'
import type { TaskPlan } from '../jobs/task-plan.ts'
import { fetchCommand } from '../jobs/trainer-command.ts'
import type { Studio } from '../studio.ts'
import { fetchFiles } from './fetch-files.ts'
import { register } from './register-models.ts'

type FetchPayload = Extract<TaskPayload, { kind: 'fetch-model' }>

/** A base model from a hub as a task of the worker: it may be killed at any moment and goes on where it was. */
export async function fetchTask(studio: Studio, payload: FetchPayload): Promise<TaskPlan> {
  const { target, log } = fetchFiles(studio.paths, payload.folder)
  await mkdir(studio.paths.models, { recursive: true })
  return {
    command: fetchCommand(fetchArguments(payload, target)),
    log,
    output: target,
    goesOn: true,
    progress: fetchProgress,
    failure: (text, ending) => JSON.stringify(fetchFailure(text, ending)),
    finish: async () => {
      const stored = `models/${payload.folder}`
      await register(studio, { folder: target, stored, source: 'folder', name: payload.folder })
    },
  }
}

export function fetchArguments(
  { repository, revision, source }: Pick<FetchPayload, 'repository' | 'revision' | 'source'>,
  target: string,
): string[] {
  return [
    ...[repository, '--out', target, '--source', source],
    ...(revision === null ? [] : ['--revision', revision]),
  ]
}

/** The events in a piece of output; other lines are notes of the libraries. */
export function fetchEvents(text: string): FetchEvent[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return []
    try {
      const event = FetchEvent.safeParse(JSON.parse(line))
      return event.success ? [event.data] : []
    } catch {
      // The tail of a log may begin in the middle of a line.
      return []
    }
  })
}

/** From the newest event that tells; null before the first. */
export function fetchProgress(text: string): TaskProgress | null {
  const last = fetchEvents(text).findLast((event) => event.type === 'progress' || event.type === 'plan')
  if (!last) return null
  const progress = { done: last.done_bytes, total: last.total_bytes }
  return last.type === 'progress' ? { ...progress, rate: last.bytes_per_second } : progress
}

export function fetchFailure(text: string, ending: string): FetchFailure {
  const events = fetchEvents(text)
  const error = events.findLast((event) => event.type === 'error')
  const byHand = events.findLast((event) => event.type === 'copy_by_hand')
  if (!error) {
    const message = `${text.trim().split('\n').slice(-3).join('\n')} (${ending})`
    return { code: 'failed', message, whatToDo: '', copyByHand: null }
  }
  const { code, message, what_to_do: whatToDo } = error
  const copyByHand =
    byHand && code === 'no_network'
      ? {
          repository: byHand.repository,
          folder: byHand.folder,
          files: byHand.files,
          exact: byHand.exact,
        }
      : null
  return { code, message, whatToDo, copyByHand }
}
