import { readFile } from 'node:fs/promises'
import { RunEstimate } from '../contracts/estimate.ts'
import { RunConfig } from '../contracts/run-config.ts'
import type { Studio } from '../studio.ts'
import { lastEvents } from './last-events.ts'
import { runFiles } from './run-files.ts'

/** What the newest finished run on the same devices tells about the next one. */
export interface Measured {
  /** Floating point operations a second while it trained, all devices together, as the trainer counts them. */
  flopsPerSecond: number
  /** Everything but the steps: loading, evaluations, merging, export. Only comparable for the same base. */
  restSeconds: number
  baseModelId: string
}

/** Enough for a few hundred steps, whatever evaluations and artefacts follow them. */
const TAIL_BYTES = 512 * 1024

/** @returns null before a run with an estimate has finished on these devices */
export async function measuredRate(studio: Studio, device: string): Promise<Measured | null> {
  const run = await studio.db.run.findFirst({
    where: { device, status: 'succeeded' },
    orderBy: { endedAt: 'desc' },
    select: { id: true, config: true, startedAt: true, endedAt: true, baseModelId: true },
  })
  if (!run?.startedAt || !run.endedAt) return null
  const files = runFiles(studio.paths, run.id)
  const text = await readFile(files.estimate, 'utf8').catch(() => null)
  if (text === null) return null
  const { time } = RunEstimate.parse(JSON.parse(text))
  const steps = (await lastEvents(files.events, TAIL_BYTES)).filter((event) => event.type === 'step')
  const samplesPerSecond = steps.reduce((sum, step) => sum + step.samples_per_second, 0) / steps.length
  if (!(samplesPerSecond > 0)) return null
  const secondsPerStep = RunConfig.parse(run.config).train.batch_size / samplesPerSecond
  const wholeSeconds = (run.endedAt.getTime() - run.startedAt.getTime()) / 1000
  // A run that was resumed counts from its last start, so its steps may seem to take longer than all of it.
  const restSeconds = Math.max(0, wholeSeconds - (steps.at(-1)?.step ?? 0) * secondsPerStep)
  return {
    flopsPerSecond: time.flops_per_step / secondsPerStep,
    restSeconds,
    baseModelId: run.baseModelId,
  }
}
