import { type Command, Option } from 'commander'
import { RunPreset, StartRun } from '../../contracts/run.ts'
import { StudioError } from '../../errors.ts'
import type { RunCard } from '../../runs/run-card.ts'
import type { Studio } from '../../studio.ts'
import { findProject, findVersion } from '../find-project.ts'
import { type Report, wholeNumber } from '../report.ts'
import { withStudio } from '../with-studio.ts'

interface StartFlags {
  project: string
  model: string
  version?: string
  preset: RunPreset
  name: string
  epochs?: number
  learningRate?: number
  rank?: number
  batchSize?: number
  processes?: number
  packing?: boolean
  keepBest?: boolean
  patience?: number
  seed?: number
}

export function addRunsVerb(program: Command, report: Report): void {
  const runs = program.command('runs').description('fine-tunes: the worker of a running studio does the work')

  runs
    .command('start')
    .description('put a fine-tune into the queue')
    .requiredOption('--project <name>', 'name or id of the project')
    .requiredOption('--model <name>', 'name or id of the base model')
    .option('--version <hash>', 'hash of the dataset version, or its first characters; the newest by default')
    .addOption(new Option('--preset <preset>', 'method').choices(RunPreset.options).default('lora'))
    .option('--name <name>', 'what the run is called', '')
    .option('--epochs <n>', 'how often every sample is seen', Number)
    .option('--learning-rate <n>', 'how far one step moves', Number)
    .option('--rank <n>', 'rank of the adapters', wholeNumber(1))
    .option('--batch-size <n>', 'samples a step', wholeNumber(1))
    .option('--processes <n>', 'graphics cards', wholeNumber(1))
    .option('--packing', 'several samples in one sequence')
    .option('--keep-best', 'keep the checkpoint with the best evaluation')
    .option('--patience <n>', 'end after so many evaluations that were no better', wholeNumber(1))
    .option('--seed <n>', 'the same seed gives the same order', wholeNumber(0))
    .action((flags: StartFlags) =>
      withStudio(async (studio) => {
        const { startRun } = await import('../../runs/start-run.ts')
        const { registerModels } = await import('../../models/register-models.ts')
        await registerModels(studio)
        const { project, model, version, ...overrides } = flags
        const projectId = await findProject(studio, project)
        const { id: versionId } = await findVersion(studio, projectId, version)
        const baseModelId = await findModel(studio, model)
        const input = StartRun.safeParse({ ...overrides, projectId, versionId, baseModelId })
        if (!input.success) {
          const problems = input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
          throw new StudioError('BAD_REQUEST', { message: problems.join('; ') })
        }
        const id = await startRun(studio, input.data, await ownerId(studio))
        report.done({ id }, `The run is in the queue as ${id}.`)
      }),
    )

  runs
    .command('list')
    .description('name the runs of a project, the newest first')
    .requiredOption('--project <name>', 'name or id of the project')
    .action(({ project }: { project: string }) =>
      withStudio(async (studio) => {
        const { listRuns } = await import('../../runs/run-card.ts')
        const cards = await listRuns(studio, await findProject(studio, project))
        report.done({ runs: cards }, cards.map(line).join('\n') || 'There is no run yet.')
      }),
    )

  runs
    .command('show')
    .description('say how a run stands')
    .argument('<run>', 'id of the run')
    .action((runId: string) =>
      withStudio(async (studio) => {
        const { findRun, listRuns } = await import('../../runs/run-card.ts')
        const run = await findRun(studio, runId)
        const card = (await listRuns(studio, run.projectId)).find(({ id }) => id === runId)
        report.done({ run, progress: card?.progress ?? null }, card ? line(card) : run.id)
      }),
    )

  runs
    .command('stop')
    .description('end a run after it has saved a checkpoint')
    .argument('<run>', 'id of the run')
    .option('--now', 'end at once; what was learnt since the last checkpoint is lost', false)
    .action((runId: string, { now }: { now: boolean }) =>
      withStudio(async (studio) => {
        const { findRun } = await import('../../runs/run-card.ts')
        const { stopRun } = await import('../../runs/stop-run.ts')
        await findRun(studio, runId)
        await stopRun(studio.db, runId, now ? 'now' : 'save')
        report.done({ id: runId }, now ? 'The run ends at once.' : 'The run saves a checkpoint and ends.')
      }),
    )

  runs
    .command('resume')
    .description('put a run that has ended early back into the queue')
    .argument('<run>', 'id of the run')
    .action((runId: string) =>
      withStudio(async (studio) => {
        const { findRun } = await import('../../runs/run-card.ts')
        const { resumeRun } = await import('../../runs/resume-run.ts')
        const { checkpointStep } = await findRun(studio, runId)
        await resumeRun(studio.db, runId)
        const from = checkpointStep === null ? 'from the beginning' : `after step ${checkpointStep}`
        report.done({ id: runId, checkpointStep }, `The run is in the queue and goes on ${from}.`)
      }),
    )
}

async function findModel({ db }: Studio, model: string): Promise<string> {
  const found = await db.baseModel.findMany({
    where: { OR: [{ id: model }, { name: model }] },
    select: { id: true },
  })
  const [only, another] = found
  if (!only) {
    throw new StudioError('NOT_FOUND', {
      message: `There is no base model called “${model}”. \`models list\` names them.`,
    })
  }
  if (another) {
    const ids = found.map(({ id }) => id).join(', ')
    throw new StudioError('BAD_REQUEST', {
      message: `${found.length} models are called “${model}”. Name one by its id: ${ids}.`,
    })
  }
  return only.id
}

/** Whoever may use this machine's command line acts as the owner of the studio. */
async function ownerId({ db }: Studio): Promise<string> {
  const owner = await db.user.findFirst({ where: { isOwner: true }, select: { id: true } })
  if (!owner) {
    throw new StudioError('WRONG_STATE', {
      message: 'The studio has no owner yet. Open it in a browser once and make the account.',
    })
  }
  return owner.id
}

function line({ id, number, name, status, device, progress, baseModel }: RunCard): string {
  const at = progress
    ? `step ${progress.step} of ${progress.totalSteps}, loss ${progress.loss.toFixed(4)}`
    : ''
  return [`#${number}`, id, name, status, baseModel.name, device, at].filter(Boolean).join('  ')
}
