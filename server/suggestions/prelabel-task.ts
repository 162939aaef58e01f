import { rm } from 'node:fs/promises'
import type { TaskPayload, TaskProgress } from '../contracts/worker.ts'
import type { TaskPlan } from '../jobs/task-plan.ts'
import { configDevice, trainerCommand } from '../jobs/trainer-command.ts'
import type { Studio } from '../studio.ts'
import { askedModel } from './asked-model.ts'
import { prelabelFiles } from './prelabel-files.ts'
import { takeSuggestions } from './take-suggestions.ts'

type PrelabelPayload = Extract<TaskPayload, { kind: 'prelabel' }>

/** @throws StudioError when the model is not there any more */
export async function prelabelTask(
  studio: Studio,
  payload: PrelabelPayload,
): Promise<Omit<TaskPlan, 'failure'>> {
  const { folder, maxDynamicPatch } = await askedModel(studio, payload.projectId, payload.model)
  const files = prelabelFiles(studio.paths, payload.prelabelId)
  const args = [
    ...['predict', '--model', folder, '--meta', files.meta, '--out', files.predictions],
    ...['--refused', files.refused, '--device', configDevice(payload.device)],
    ...(maxDynamicPatch === null ? [] : ['--max-dynamic-patch', String(maxDynamicPatch)]),
  ]
  return {
    command: trainerCommand(args, [payload.device]),
    log: files.log,
    output: files.predictions,
    // The answers so far lie in a journal beside it, which the trainer goes on with.
    goesOn: true,
    progress: prelabelProgress,
    finish: () => takeSuggestions(studio, payload),
    discard: () => rm(files.folder, { recursive: true, force: true }),
  }
}

/** The trainer says `predicted 16/200, 5.2 a second` from time to time. */
export function prelabelProgress(log: string): TaskProgress | null {
  const last = [...log.matchAll(/predicted (\d+)\/(\d+)(?:, ([\d.e+-]+) a second)?/g)].at(-1)
  if (!last) return null
  const rate = Number(last[3])
  return { done: Number(last[1]), total: Number(last[2]), ...(rate > 0 ? { rate } : {}) }
}
