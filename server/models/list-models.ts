import { stat } from 'node:fs/promises'
import { BaseModelInfo, BaseModelSource } from '../contracts/run.ts'
import type { Studio } from '../studio.ts'
import { baseBundleFolder, modelFolder } from './model-folder.ts'
import { fetchRecord } from './queue-fetch.ts'

export type ModelCard = Awaited<ReturnType<typeof listModels>>[number]

/** Base models, the bundled one first, with what of them is on the disk now. */
export async function listModels({ db, paths }: Studio) {
  const rows = await db.baseModel.findMany({
    orderBy: [{ createdAt: 'asc' }],
    select: {
      id: true,
      name: true,
      path: true,
      source: true,
      info: true,
      _count: { select: { runs: true } },
    },
  })
  const cards = await Promise.all(
    rows.map(async ({ _count, path: stored, ...row }) => ({
      /** The hub's repository and commit, when the studio or the trainer fetched it. */
      fetched: await fetchRecord(modelFolder(paths, { path: stored, source: row.source })),
      id: row.id,
      name: row.name,
      source: BaseModelSource.parse(row.source),
      info: BaseModelInfo.parse(row.info),
      runs: _count.runs,
      /** Lies in the data folder: removing it there removes it here. */
      inDataFolder: stored.startsWith('models/'),
      onDisk: await exists(modelFolder(paths, { path: stored, source: row.source })),
      browserBundle: await exists(baseBundleFolder(paths, row.id)),
    })),
  )
  return cards.sort((a, b) => Number(b.source === 'bundled') - Number(a.source === 'bundled'))
}

async function exists(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null
}
