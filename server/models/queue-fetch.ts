import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { type FetchModel, FetchRecord } from '../contracts/fetch-event.ts'
import { StudioError } from '../errors.ts'
import { queueTask, type TaskCard } from '../jobs/queue-task.ts'
import type { Studio } from '../studio.ts'
import { FETCH_RECORD, fetchFiles } from './fetch-files.ts'

/**
 * Asks the worker to fetch a base model. Asking again after a failure or a cancel goes on where it stopped.
 * @throws StudioError CONFLICT when a folder of that name holds something else, WRONG_STATE when it is there already
 */
export async function queueFetch(studio: Studio, input: FetchModel): Promise<TaskCard> {
  const folder = await fetchFolder(studio, input)
  return queueTask(studio.db, { kind: 'fetch-model', ...input, folder })
}

/**
 * The name of the folder in data/models: the repository's own name without its owner.
 * @throws StudioError as `queueFetch` does
 */
export async function fetchFolder({ paths }: Studio, input: FetchModel): Promise<string> {
  const folder = input.repository.split('/').at(-1) ?? input.repository
  const { target } = fetchFiles(paths, folder)
  if (!(await stat(target).catch(() => null))) return folder
  const record = await fetchRecord(target)
  if (record?.repository === input.repository) {
    throw new StudioError('WRONG_STATE', {
      message: `${input.repository} is there already (models/${folder}). Remove the folder to fetch it anew.`,
    })
  }
  throw new StudioError('CONFLICT', {
    message: `models/${folder} is another model. Rename that folder, then fetch ${input.repository} again.`,
  })
}

/** Where a fetched folder came from, or null for a folder that was not fetched. */
export async function fetchRecord(folder: string): Promise<FetchRecord | null> {
  const text = await readFile(path.join(folder, FETCH_RECORD), 'utf8').catch(() => null)
  return text === null ? null : FetchRecord.parse(JSON.parse(text))
}
