import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { AddBaseModel } from '../contracts/run.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { register } from './register-models.ts'

/**
 * Adds a checkpoint folder of the server, in place: nothing is copied, nothing in it is changed.
 * @throws StudioError BAD_FILE that says all that is missing
 * @returns the id of the base model
 */
export async function addModel(studio: Studio, input: AddBaseModel): Promise<string> {
  if (!path.isAbsolute(input.path)) {
    throw new StudioError('BAD_REQUEST', {
      message: `Give the whole path of the folder on the server, from the root on; "${input.path}" is relative.`,
    })
  }
  const folder = await realpath(input.path).catch(() => input.path)
  return register(studio, { folder, stored: folder, source: 'folder', name: input.name })
}
