import { rm } from 'node:fs/promises'
import { cancelDrawing } from '../charts/draw-into-project.ts'
import { ENDED } from '../contracts/run.ts'
import { isTiled } from '../contracts/tiles.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import { removeTiles } from '../images/remove-tiles.ts'
import { runFolder } from '../storage/paths.ts'
import type { Studio } from '../studio.ts'
import { cancelPrelabelsOf } from '../suggestions/prelabels.ts'

/**
 * Deletes a project with its annotations, versions and runs. Image bytes stay in the blob store, where
 * other projects may hold the same ones; run folders go, except those that a base model lies in.
 * @throws StudioError WRONG_STATE while one of its runs is not over
 */
export async function deleteProject(studio: Studio, projectId: string): Promise<void> {
  const { db, paths } = studio
  const { runIds, large } = await write(db, async (tx) => {
    const runs = await tx.run.findMany({
      where: { projectId },
      select: { id: true, name: true, status: true },
    })
    const living = runs.filter(({ status }) => !ENDED.some((ended) => ended === status))
    if (living.length > 0) {
      throw new StudioError('WRONG_STATE', {
        message: `Stop the runs of this project first: ${living.map(({ name }) => name).join(', ')}.`,
        details: { reason: 'runsNotOver', runIds: living.map(({ id }) => id) },
      })
    }
    const images = await tx.image.findMany({
      where: { projectId },
      select: { sha256: true, width: true, height: true },
    })
    // Runs hold on to their versions; with the runs gone the rest follows the project.
    await tx.run.deleteMany({ where: { projectId } })
    await tx.project.delete({ where: { id: projectId } })
    return { runIds: runs.map(({ id }) => id), large: images.filter(isTiled).map(({ sha256 }) => sha256) }
  })
  cancelDrawing(studio, projectId)
  await removeTiles(studio, large)
  await cancelPrelabelsOf(studio, projectId)
  const bases = await db.baseModel.findMany({ where: { source: 'run' }, select: { path: true } })
  for (const runId of runIds) {
    if (bases.some(({ path }) => path.replaceAll('\\', '/').includes(`runs/${runId}/`))) continue
    await rm(runFolder(paths, runId), { recursive: true, force: true })
  }
}
