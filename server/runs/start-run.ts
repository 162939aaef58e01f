import { mkdir, readFile } from 'node:fs/promises'
import type { StartRun } from '../contracts/run.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { writeWhole } from '../formats/output-file.ts'
import { provideBaseBundle } from '../jobs/provide-base-bundle.ts'
import { deviceColumn } from '../jobs/run-devices.ts'
import type { Studio } from '../studio.ts'
import { forecastFiles } from './forecast-run.ts'
import { previewRun } from './preview-run.ts'
import { runFiles } from './run-files.ts'

/**
 * Puts a run into the queue of its device.
 * @throws StudioError BAD_REQUEST with all errors of the preview in `details`, when there are any
 * @returns the id of the run
 */
export async function startRun(studio: Studio, input: StartRun, createdBy: string): Promise<string> {
  const id = newId('r')
  const { config, devices, problems } = await previewRun(studio, input, id)
  const device = deviceColumn(devices.map((one) => one.id))
  const errors = problems.filter(({ level }) => level === 'error')
  if (errors.length > 0) {
    throw new StudioError('BAD_REQUEST', {
      message: `The run cannot start: ${errors.map(({ code }) => code).join(', ')}. Open the sheet again to see why.`,
      details: { problems: errors },
    })
  }
  await write(studio.db, async (tx) => {
    const [inProject, inQueue] = await Promise.all([
      tx.run.aggregate({ where: { projectId: input.projectId }, _max: { number: true } }),
      tx.run.aggregate({ _max: { position: true } }),
    ])
    await tx.run.create({
      data: {
        id,
        projectId: input.projectId,
        number: (inProject._max.number ?? 0) + 1,
        name: input.name,
        baseModelId: input.baseModelId,
        config,
        status: 'queued',
        position: (inQueue._max.position ?? 0) + 1,
        device,
        createdBy,
        datasets: { create: { versionId: input.versionId } },
      },
    })
  })
  await keepForecast(studio, id, forecastFiles(studio.paths, input.versionId, config, devices).estimate)
  if (config.artefacts.includes('browser')) await provideBaseBundle(studio, input.baseModelId)
  return id
}

/** When the run has ended, estimate and measurement together tell how fast these devices are. */
async function keepForecast({ paths }: Studio, runId: string, estimate: string): Promise<void> {
  // Nobody may have asked for an estimate before this start; then the next one knows as little of the time.
  const text = await readFile(estimate, 'utf8').catch(() => null)
  if (text === null) return
  const files = runFiles(paths, runId)
  await mkdir(files.folder, { recursive: true })
  await writeWhole(files.estimate, text)
}
