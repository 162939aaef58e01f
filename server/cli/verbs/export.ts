import { rename, rm, stat } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { StudioError } from '../../errors.ts'
import type { Studio } from '../../studio.ts'
import type { Report } from '../report.ts'
import { userPath } from '../user-path.ts'

interface ExportFlags {
  project: string
  version?: string
  absolute: boolean
}

export function addExportVerb(program: Command, report: Report): void {
  program
    .command('export')
    .description('write a frozen version of a project as a folder that trains as it lies there')
    .argument('<out>', 'folder to write into; must not exist yet')
    .requiredOption('--project <name>', 'name or id of the project')
    .option('--version <hash>', 'hash of the version, or its first characters; the newest by default')
    .addOption(new Option('--format <format>', 'what to write').choices(['internvl']).default('internvl'))
    .option('--absolute', 'absolute paths in the meta files', false)
    .action(async (out: string, flags: ExportFlags) => {
      const folder = userPath(out)
      if (await stat(folder).catch(() => null)) {
        throw new StudioError('BAD_REQUEST', {
          message: `${folder} exists already. Name a folder that does not.`,
        })
      }
      const { openStudio } = await import('../../studio.ts')
      const studio = await openStudio()
      try {
        const version = await findVersion(studio, flags)
        await writeWhole(studio, version.id, folder, flags.absolute)
        report.done(
          { folder, version: version.number, hash: version.hash },
          `Version ${version.number} (${version.hash.slice(0, 8)}) is in ${folder}.`,
        )
      } finally {
        await studio.db.$disconnect()
      }
    })
}

/** The folder appears under its name only when it is complete. */
async function writeWhole(studio: Studio, versionId: string, folder: string, absolute: boolean) {
  const { materialiseVersion } = await import('../../versions/materialise.ts')
  const partial = `${folder}.part`
  await rm(partial, { recursive: true, force: true })
  try {
    await materialiseVersion(studio, versionId, partial, {
      absolute: absolute ? folder : null,
      copyImages: true,
    })
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

async function findVersion({ db }: Studio, { project, version }: ExportFlags) {
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
  const versions = await db.datasetVersion.findMany({
    where: { projectId: only.id, ...(version ? { hash: { startsWith: version } } : {}) },
    orderBy: { number: 'desc' },
    select: { id: true, number: true, hash: true },
  })
  const [newest, older] = versions
  if (!newest) {
    throw new StudioError('NOT_FOUND', {
      message: version
        ? `No version of the project begins with ${version}.`
        : 'The project has no version yet. Freeze one on its Dataset page.',
    })
  }
  if (version && older) {
    throw new StudioError('BAD_REQUEST', {
      message: `Several versions begin with ${version}. Give more characters.`,
    })
  }
  return newest
}
