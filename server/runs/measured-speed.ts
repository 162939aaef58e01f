import { BaseModelInfo } from '../contracts/run.ts'
import { RunConfig } from '../contracts/run-config.ts'
import type { Studio } from '../studio.ts'
import { datasetFacts } from './dataset-facts.ts'
import { operationsPerSample } from './estimate.ts'
import { lastEvents } from './last-events.ts'
import { runFiles } from './run-files.ts'

/** What the newest finished run on a device tells about the next one. */
export interface Measured {
  /** Floating point operations a second while it trained. */
  speed: number
  /** Everything but the steps: loading, evaluations, merging, export. */
  restSeconds: number
  /** The rest is only comparable for the same base. */
  baseModelId: string
}

/** Enough for a few hundred steps, whatever evaluations and artefacts follow them. */
const TAIL_BYTES = 512 * 1024

/** @returns null before the first run on this device has finished */
export async function measuredSpeed(studio: Studio, device: string): Promise<Measured | null> {
  const run = await studio.db.run.findFirst({
    where: { device, status: 'succeeded' },
    orderBy: { endedAt: 'desc' },
    select: {
      id: true,
      config: true,
      startedAt: true,
      endedAt: true,
      baseModel: { select: { id: true, info: true } },
      datasets: { select: { version: { select: { contentSha256: true } } } },
    },
  })
  const content = run?.datasets[0]?.version.contentSha256
  if (!run?.startedAt || !run.endedAt || !content) return null
  const events = await lastEvents(runFiles(studio.paths, run.id).events, TAIL_BYTES)
  const steps = events.filter((event) => event.type === 'step')
  const samplesPerSecond = steps.reduce((sum, step) => sum + step.samples_per_second, 0) / steps.length
  if (!(samplesPerSecond > 0)) return null
  const config = RunConfig.parse(run.config)
  const info = BaseModelInfo.parse(run.baseModel.info)
  const facts = await datasetFacts(studio.paths, content, info, config.sequence)
  const wholeSeconds = (run.endedAt.getTime() - run.startedAt.getTime()) / 1000
  // A run that was resumed counts from its last start, so its steps may seem to take longer than all of it.
  const restSeconds = Math.max(0, wholeSeconds - (facts.samples * config.train.epochs) / samplesPerSecond)
  return {
    speed: samplesPerSecond * operationsPerSample(info, config, facts),
    restSeconds,
    baseModelId: run.baseModel.id,
  }
}
