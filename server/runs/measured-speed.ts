import { BaseModelInfo } from '../contracts/run.ts'
import { RunConfig } from '../contracts/run-config.ts'
import type { Studio } from '../studio.ts'
import { datasetFacts } from './dataset-facts.ts'
import { operationsPerSample } from './estimate.ts'
import { lastEvents } from './last-events.ts'
import { runFiles } from './run-files.ts'

/** Enough for a few hundred steps, whatever evaluations and artefacts follow them. */
const TAIL_BYTES = 512 * 1024

/** Operations a second that the newest finished run on this device reached, or null before the first. */
export async function measuredSpeed(studio: Studio, device: string): Promise<number | null> {
  const run = await studio.db.run.findFirst({
    where: { device, status: 'succeeded' },
    orderBy: { endedAt: 'desc' },
    select: {
      id: true,
      config: true,
      baseModel: { select: { info: true } },
      datasets: { select: { version: { select: { contentSha256: true } } } },
    },
  })
  const content = run?.datasets[0]?.version.contentSha256
  if (!run || !content) return null
  const events = await lastEvents(runFiles(studio.paths, run.id).events, TAIL_BYTES)
  const steps = events.filter((event) => event.type === 'step')
  if (steps.length === 0) return null
  const config = RunConfig.parse(run.config)
  const info = BaseModelInfo.parse(run.baseModel.info)
  const facts = await datasetFacts(studio.paths, content, info, config.sequence)
  const samplesPerSecond = steps.reduce((sum, step) => sum + step.samples_per_second, 0) / steps.length
  return samplesPerSecond * operationsPerSample(info, config, facts)
}
