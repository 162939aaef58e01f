import { rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { RunConfig } from '../contracts/run-config.ts'
import type { TaskPayload, TaskProgress, TaskResult } from '../contracts/worker.ts'
import { StudioError } from '../errors.ts'
import { fetchTask } from '../models/fetch-task.ts'
import { baseBundleFolder, modelFolder } from '../models/model-folder.ts'
import { importPredictions } from '../runs/import-predictions.ts'
import { runFiles } from '../runs/run-files.ts'
import type { Studio } from '../studio.ts'
import { prelabelTask } from '../suggestions/prelabel-task.ts'
import { devicesOf } from './run-devices.ts'
import { configDevice, type TrainerCommand, trainerCommand } from './trainer-command.ts'

/** How one task is done: a call of the trainer that writes somewhere, and what follows on success. */
export interface TaskPlan {
  command: TrainerCommand
  log: string
  /** What the process writes; an argument of its own, so that it can be found again by it. */
  output: string
  /** What an earlier attempt left of `output` is taken up again, not thrown away. */
  goesOn: boolean
  /** From the end of what the process printed. */
  progress: (log: string) => TaskProgress | null
  /** Why it failed, from the end of what it printed; what the task's `reason` says. */
  failure: (log: string, ending: string) => string
  /** @returns what the task has to tell, kept with it */
  finish: () => Promise<TaskResult | undefined>
  /** What to throw away when it was cancelled. */
  discard?: () => Promise<void>
}

/** @throws StudioError when what the task speaks of is not there any more */
export async function planTask(studio: Studio, payload: TaskPayload): Promise<TaskPlan> {
  switch (payload.kind) {
    case 'export-base':
      return exportBase(studio, payload.baseModelId)
    case 'predict':
      return predict(studio, payload.runId, payload.model)
    case 'fetch-model':
      return fetchTask(studio, payload)
    case 'prelabel':
      return { ...(await prelabelTask(studio, payload)), failure: lastWords }
  }
}

async function exportBase(studio: Studio, baseModelId: string): Promise<TaskPlan> {
  const model = await studio.db.baseModel.findUnique({ where: { id: baseModelId } })
  if (!model) throw new StudioError('NOT_FOUND', { message: 'The base model was removed.' })
  const target = baseBundleFolder(studio.paths, baseModelId)
  const partial = `${target}.partial`
  const folder = modelFolder(studio.paths, model)
  return {
    command: trainerCommand(['export', '--model', folder, '--out', partial], ['cpu']),
    log: `${target}.log`,
    output: partial,
    goesOn: false,
    progress: counted,
    failure: lastWords,
    finish: async () => {
      await replace(partial, target)
      return undefined
    },
  }
}

async function predict(studio: Studio, runId: string, which: 'base' | 'tuned'): Promise<TaskPlan> {
  const run = await studio.db.run.findUnique({ where: { id: runId }, include: { baseModel: true } })
  if (!run) throw new StudioError('NOT_FOUND', { message: 'The run was deleted.' })
  const files = runFiles(studio.paths, runId)
  const folder =
    which === 'base' ? modelFolder(studio.paths, run.baseModel) : path.join(files.artefacts, 'merged')
  if (!(await stat(folder).catch(() => null))) {
    throw new StudioError('WRONG_STATE', {
      message:
        'This run has no merged weights to ask; they are made at its end. Resume it, or choose another run.',
    })
  }
  const meta = path.join(files.dataset, 'meta_val.json')
  const target = path.join(files.predictions, `${which}.jsonl`)
  const partial = `${target}.partial`
  const { sequence } = RunConfig.parse(run.config)
  const args = [
    ...['predict', '--model', folder, '--meta', meta, '--out', partial],
    // Both models see the pictures cut as in the training, or the comparison would not be fair to the base.
    ...['--device', configDevice(run.device), '--max-dynamic-patch', String(sequence.max_dynamic_patch)],
  ]
  return {
    // Answers are made on one device, also after a training on several.
    command: trainerCommand(args, devicesOf(run.device).slice(0, 1)),
    log: path.join(files.predictions, `${which}.log`),
    output: partial,
    goesOn: false,
    progress: counted,
    failure: lastWords,
    finish: async () => {
      await replace(partial, target)
      await importPredictions(studio, runId, which)
      return undefined
    },
  }
}

/** The trainer says `predicted 16/200` from time to time. */
function counted(log: string): TaskProgress | null {
  const last = log.match(/\d+\/\d+/g)?.at(-1)
  const [done, total] = last?.split('/').map(Number) ?? []
  return done === undefined || total === undefined ? null : { done, total }
}

/** The end of what it printed: a Python error says its reason last. */
function lastWords(log: string, ending: string): string {
  return `${log.trim().split('\n').slice(-3).join('\n')} (${ending})`
}

async function replace(partial: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true })
  await rename(partial, target)
}
