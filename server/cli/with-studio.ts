import type { Studio } from '../studio.ts'

/** Opens the data folder for one verb and closes it again, however the verb ends. */
export async function withStudio<T>(work: (studio: Studio) => Promise<T>): Promise<T> {
  const { openStudio } = await import('../studio.ts')
  const { migrate } = await import('../db/migrate.ts')
  const studio = await openStudio()
  try {
    await migrate(studio.paths.database)
    return await work(studio)
  } finally {
    await studio.db.$disconnect()
  }
}
