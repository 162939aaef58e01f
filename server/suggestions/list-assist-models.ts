import { BaseModelId, RunId } from '../contracts/ids.ts'
import { type ModelRef, modelKey } from '../contracts/suggestion.ts'
import { newestTask, type TaskCard } from '../jobs/queue-task.ts'
import { type BundleSummary, baseBundle, browserBundles } from '../predictions/browser-bundle.ts'
import { withoutServerPaths } from '../runs/without-server-paths.ts'
import type { Studio } from '../studio.ts'
import { tunedName } from './asked-model.ts'

/** A model that can be asked for boxes, in the browser, on the server or both. */
export interface AssistModel {
  key: string
  ref: ModelRef
  name: string
  /** Comes with the studio. */
  bundled: boolean
  /** What the browser loads; null = it would have to be made first, or cannot be. */
  bundle: (BundleSummary & { url: string }) | null
  /** How making the bundle of a base goes, when somebody has asked for it. */
  making: Pick<TaskCard, 'status' | 'reason'> | null
  createdAt: Date
}

/** The tuned models of a project's finished runs, newest first, then the base models, the bundled one first. */
export async function listAssistModels(studio: Studio, projectId: string): Promise<AssistModel[]> {
  const [runs, bases] = await Promise.all([
    studio.db.run.findMany({
      where: { projectId, status: 'succeeded' },
      orderBy: { number: 'desc' },
      select: { id: true, name: true, number: true, createdAt: true },
    }),
    studio.db.baseModel.findMany({ orderBy: { createdAt: 'asc' } }),
  ])
  const tuned = runs.map(async (run): Promise<AssistModel> => {
    const ref = { kind: 'tuned', runId: RunId.parse(run.id) } as const
    const bundle = (await browserBundles(studio, run.id)).tuned
    return {
      ...{ key: modelKey(ref), ref, name: tunedName(run), bundled: false, making: null },
      bundle: bundle && { ...bundle, url: `/api/runs/${run.id}/bundles/tuned` },
      createdAt: run.createdAt,
    }
  })
  const known = bases
    .toSorted((a, b) => Number(b.source === 'bundled') - Number(a.source === 'bundled'))
    .map(async (model): Promise<AssistModel> => {
      const baseModelId = BaseModelId.parse(model.id)
      const ref = { kind: 'base', baseModelId } as const
      const bundle = await baseBundle(studio, model)
      const making = bundle ? null : await newestTask(studio.db, { kind: 'export-base', baseModelId })
      return {
        ...{ key: modelKey(ref), ref, name: model.name, bundled: model.source === 'bundled' },
        bundle: bundle && { ...bundle, url: `/api/models/${model.id}/bundle` },
        making: making && {
          status: making.status,
          reason: making.reason && withoutServerPaths(studio, making.reason),
        },
        createdAt: model.createdAt,
      }
    })
  return Promise.all([...tuned, ...known])
}
