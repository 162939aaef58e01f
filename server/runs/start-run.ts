import type { StartRun } from '../contracts/run.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { provideBaseBundle } from '../jobs/provide-base-bundle.ts'
import type { Studio } from '../studio.ts'
import { previewRun } from './preview-run.ts'

/**
 * Puts a run into the queue of its device.
 * @throws StudioError BAD_REQUEST with all errors of the preview in `details`, when there are any
 * @returns the id of the run
 */
export async function startRun(studio: Studio, input: StartRun, createdBy: string): Promise<string> {
  const id = newId('r')
  const { config, device, problems } = await previewRun(studio, input, id)
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
      tx.run.aggregate({ where: { device: device.id }, _max: { position: true } }),
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
        device: device.id,
        createdBy,
        datasets: { create: { versionId: input.versionId } },
      },
    })
  })
  if (config.artefacts.includes('browser')) await provideBaseBundle(studio, input.baseModelId)
  return id
}
