import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { RunEstimate } from '../contracts/estimate.ts'
import type { StartRun } from '../contracts/run.ts'
import type { RunConfig } from '../contracts/run-config.ts'
import { CheckProblem, TRAINER_EXIT } from '../contracts/run-events.ts'
import type { RunForecast, RunProblem } from '../contracts/run-preview.ts'
import type { Device } from '../contracts/worker.ts'
import { writeWhole } from '../formats/output-file.ts'
import { type Captured, capture } from '../jobs/capture.ts'
import { deviceColumn } from '../jobs/run-devices.ts'
import { configDevice, trainerCommand } from '../jobs/trainer-command.ts'
import type { DataPaths } from '../storage/paths.ts'
import type { Studio } from '../studio.ts'
import { measuredRate } from './measured-rate.ts'
import { previewRun } from './preview-run.ts'
import { provideDataset } from './provide-dataset.ts'

/** Starting Python takes seconds on a busy machine, and a large data set is read once. */
const LIMIT_MS = 90_000

/**
 * Asks the trainer what a run would take: memory by its parts, time and disk, from the records themselves. The
 * answer is kept beside the data set in the temporary folder, so that the same question is answered at once.
 */
export async function forecastRun(
  studio: Studio,
  input: StartRun,
  signal: AbortSignal,
): Promise<RunForecast> {
  const { config, devices, problems } = await previewRun(studio, input)
  const error = problems.find(({ level }) => level === 'error')
  if (error) return { known: false, reason: 'refused', message: '' }
  const files = forecastFiles(studio.paths, input.versionId, config, devices)
  const column = deviceColumn(devices.map(({ id }) => id))
  const measured = await measuredRate(studio, column)
  let text = await readFile(files.estimate, 'utf8').catch(() => null)
  if (text === null) {
    await mkdir(files.folder, { recursive: true })
    await provideDataset(studio, files.dataset, input.versionId)
    await writeWhole(files.config, JSON.stringify({ ...config, device: configDevice(column) }))
    const ids = devices.map(({ id }) => id)
    const answer = await ask(['estimate', files.config], ids, files.folder, signal)
    if ('known' in answer) return answer
    text = answer.stdout
    await writeWhole(files.estimate, text)
  }
  const estimate = RunEstimate.parse(JSON.parse(text))
  const rest = measured?.baseModelId === input.baseModelId ? measured.restSeconds : 0
  const training =
    estimate.time.training_seconds ??
    (measured && (estimate.time.steps * estimate.time.flops_per_step) / measured.flopsPerSecond)
  return {
    known: true,
    estimate,
    seconds: training === null ? null : training + rest,
    problems: judge(estimate, config, devices),
  }
}

async function ask(
  args: string[],
  devices: string[],
  cwd: string,
  signal: AbortSignal,
): Promise<Captured | RunForecast> {
  const limit = AbortSignal.timeout(LIMIT_MS)
  try {
    const result = await capture(trainerCommand(args, devices), cwd, AbortSignal.any([signal, limit]))
    if (result.code === TRAINER_EXIT.ok) return result
    const reason = result.code === TRAINER_EXIT.badInput ? 'refused' : 'failed'
    return { known: false, reason, message: wordsOf(result) }
  } catch (error) {
    if (limit.aborted) return { known: false, reason: 'timeout', message: '' }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { known: false, reason: 'noPython', message: '' }
    }
    throw error
  }
}

/** Problems come as JSON lines, other failures as the last line of what was printed. */
function wordsOf({ stdout, stderr }: Captured): string {
  const problems = stdout.split('\n').flatMap((line) => {
    try {
      const problem = CheckProblem.safeParse(JSON.parse(line))
      return problem.success && problem.data.level === 'error' ? [problem.data.message] : []
    } catch {
      return []
    }
  })
  return problems.length > 0 ? problems.join(' ') : (stderr.trim().split('\n').at(-1) ?? '')
}

/** Where question and answer lie. Another base, version, setting or device is another question. */
export function forecastFiles(
  { temporary }: DataPaths,
  versionId: string,
  config: RunConfig,
  devices: readonly Device[],
) {
  const folder = path.join(temporary, 'forecasts', versionId)
  const question = JSON.stringify([{ ...config, run_id: '' }, devices])
  const key = createHash('sha256').update(question).digest('hex').slice(0, 16)
  return {
    folder,
    dataset: path.join(folder, 'dataset'),
    config: path.join(folder, `${key}.json`),
    estimate: path.join(folder, `${key}.estimate.json`),
  }
}

function judge(estimate: RunEstimate, config: RunConfig, devices: readonly Device[]): RunProblem[] {
  const problems: RunProblem[] = []
  const { total_bytes, device_bytes, disk, data } = estimate
  if (!estimate.fits) {
    const values = { needed: total_bytes, available: device_bytes, device: devices[0]?.name ?? '' }
    problems.push({ level: 'warning', code: 'memory', field: 'preset', values })
  }
  if (!disk.fits) {
    const values = { needed: disk.total_bytes, available: disk.free_bytes }
    problems.push({ level: 'error', code: 'disk', field: 'machine', values })
  }
  if (data.longest_tokens > config.sequence.max_length) {
    const values = { longest: data.longest_tokens, limit: config.sequence.max_length }
    problems.push({ level: 'warning', code: 'tooLong', field: 'version', values })
  }
  return problems
}
