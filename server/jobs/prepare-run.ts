import { appendFile, mkdir } from 'node:fs/promises'
import { z } from 'zod'
import { RunConfig } from '../contracts/run-config.ts'
import { CheckProblem, TRAINER_EXIT } from '../contracts/run-events.ts'
import type { RunReason } from '../contracts/run-reason.ts'
import { writeWhole } from '../formats/output-file.ts'
import { modelFolder } from '../models/model-folder.ts'
import { provideDataset } from '../runs/provide-dataset.ts'
import { type RunFiles, runFiles } from '../runs/run-files.ts'
import type { Studio } from '../studio.ts'
import { capture } from './capture.ts'
import { devicesOf } from './run-devices.ts'
import { configDevice, trainerCommand } from './trainer-command.ts'

/** The run must not start; `reason` says why, for the page. */
export class RunRefused extends Error {
  override readonly name = 'RunRefused'
  readonly reason: RunReason

  constructor(reason: RunReason) {
    super(`The run was refused: ${JSON.stringify(reason)}`)
    this.reason = reason
  }
}

/**
 * Puts into the run's folder all that the trainer needs, the frozen data set and run.json, and lets
 * the trainer check both. Safe to repeat after an interruption at any point.
 * @throws RunRefused when the check finds errors; `AbortError` when `signal` aborts
 */
export async function prepareRun(studio: Studio, runId: string, signal: AbortSignal): Promise<void> {
  const run = await studio.db.run.findUniqueOrThrow({
    where: { id: runId },
    include: { baseModel: true, datasets: { select: { versionId: true } } },
  })
  const files = runFiles(studio.paths, runId)
  await mkdir(files.folder, { recursive: true })
  for (const { versionId } of run.datasets) await provideDataset(studio, files.dataset, versionId)
  signal.throwIfAborted()
  const config: RunConfig = {
    ...RunConfig.parse(run.config),
    // Both may have changed since the run was put into the queue: the checkout moved, another card.
    model: { path: modelFolder(studio.paths, run.baseModel) },
    device: configDevice(run.device),
  }
  await studio.db.run.update({ where: { id: runId }, data: { config } })
  await writeWhole(files.config, `${JSON.stringify(config, null, 2)}\n`)
  await check(files, run.device, signal)
}

/** `refbox_trainer check` prints one problem a line and ends with 2 when one of them is an error. */
async function check(files: RunFiles, device: string, signal: AbortSignal): Promise<void> {
  const result = await capture(
    trainerCommand(['check', files.config], devicesOf(device)),
    files.folder,
    signal,
  )
  await appendFile(files.log, result.stderr)
  const problems = result.stdout.split('\n').filter(Boolean).flatMap(problemOfLine)
  if (result.code === TRAINER_EXIT.badInput) throw new RunRefused({ code: 'check', problems })
  if (result.code !== TRAINER_EXIT.ok) {
    const ending = result.code === null ? `signal ${result.signal}` : `exit code ${result.code}`
    const lastLines = result.stderr.trim().split('\n').slice(-5).join('\n')
    throw new RunRefused({ code: 'launch', message: `The check ended with ${ending}. ${lastLines}` })
  }
}

function problemOfLine(line: string): CheckProblem[] {
  try {
    return [CheckProblem.parse(JSON.parse(line))]
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return []
    throw error
  }
}
