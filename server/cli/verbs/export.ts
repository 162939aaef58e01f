import { rename, rm, stat } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { StudioError } from '../../errors.ts'
import type { Studio } from '../../studio.ts'
import { findProject, findVersion } from '../find-project.ts'
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
        const projectId = await findProject(studio, flags.project)
        const version = await findVersion(studio, projectId, flags.version)
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
