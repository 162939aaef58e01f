import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'

/**
 * A project by its name or id.
 * @throws StudioError NOT_FOUND, or BAD_REQUEST with the ids when several have this name
 */
export async function findProject({ db }: Studio, project: string): Promise<string> {
  const found = await db.project.findMany({
    where: { OR: [{ id: project }, { name: project }] },
    select: { id: true },
  })
  const [only, another] = found
  if (!only) throw new StudioError('NOT_FOUND', { message: `There is no project called “${project}”.` })
  if (another) {
    const ids = found.map(({ id }) => id).join(', ')
    throw new StudioError('BAD_REQUEST', {
      message: `${found.length} projects are called “${project}”. Name one by its id: ${ids}.`,
    })
  }
  return only.id
}

/**
 * A frozen version by the first characters of its hash, or the newest.
 * @throws StudioError NOT_FOUND, or BAD_REQUEST when several begin alike
 */
export async function findVersion({ db }: Studio, projectId: string, hash: string | undefined) {
  const versions = await db.datasetVersion.findMany({
    where: { projectId, ...(hash ? { hash: { startsWith: hash } } : {}) },
    orderBy: { number: 'desc' },
    select: { id: true, number: true, hash: true },
  })
  const [newest, older] = versions
  if (!newest) {
    throw new StudioError('NOT_FOUND', {
      message: hash
        ? `No version of the project begins with ${hash}.`
        : 'The project has no version yet. Freeze one on its Dataset page.',
    })
  }
  if (hash && older) {
    throw new StudioError('BAD_REQUEST', {
      message: `Several versions begin with ${hash}. Give more characters.`,
    })
  }
  return newest
}
