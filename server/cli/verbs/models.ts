import { stat } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { FetchModel, ModelHub } from '../../contracts/fetch-event.ts'
import type { TaskProgress } from '../../contracts/worker.ts'
import { StudioError } from '../../errors.ts'
import type { ModelCard } from '../../models/list-models.ts'
import type { Report } from '../report.ts'
import { userPath } from '../user-path.ts'
import { withStudio } from '../with-studio.ts'

interface AddFlags {
  name: string
  revision?: string
  source: ModelHub
}

export function addModelsVerb(program: Command, report: Report): void {
  const models = program.command('models').description('base models that a fine-tune may start from')

  models
    .command('list')
    .description('name every base model with its size and where it came from')
    .action(() =>
      withStudio(async (studio) => {
        const { registerModels } = await import('../../models/register-models.ts')
        const { listModels } = await import('../../models/list-models.ts')
        const refused = await registerModels(studio)
        for (const { problem } of refused) report.notice({ code: 'refused', message: problem, count: 1 })
        const cards = await listModels(studio)
        report.done({ models: cards }, cards.map(line).join('\n'))
      }),
    )

  models
    .command('add')
    .description('fetch a model of a hub, or add a checkpoint folder of this machine in place')
    .argument('<id-or-folder>', 'owner/name on the hub, for example OpenGVLab/InternVL2-2B, or a folder')
    .option('--name <name>', 'what the studio calls a folder; its own name by default', '')
    .option('--revision <revision>', 'branch, tag or commit on the hub; the newest by default')
    .addOption(
      new Option('--source <hub>', 'which hub').choices(ModelHub.options).default(ModelHub.enum.huggingface),
    )
    .action((what: string, flags: AddFlags) =>
      withStudio(async (studio) => {
        const folder = userPath(what)
        if ((await stat(folder).catch(() => null))?.isDirectory()) {
          const { addModel } = await import('../../models/add-model.ts')
          const id = await addModel(studio, { path: folder, name: flags.name })
          report.done({ id, folder }, `${folder} is added as ${id}.`)
          return
        }
        const { fetchHere } = await import('../../models/fetch-here.ts')
        const added = await fetchHere(studio, hubModel(what, flags), (progress) =>
          report.progress(amount(progress)),
        )
        report.done({ ...added }, `${what} is in ${added.folder}, added as ${added.id}.`)
      }),
    )
}

function hubModel(repository: string, { source, revision }: AddFlags): FetchModel {
  const input = FetchModel.safeParse({ source, repository, revision: revision ?? null })
  if (input.success) return input.data
  throw new StudioError('BAD_REQUEST', {
    message: `“${repository}” is neither a folder here nor the name of a repository (owner/name).`,
  })
}

function line({ id, name, source, info, onDisk, fetched }: ModelCard): string {
  const from = fetched ? `${fetched.repository} ${fetched.commit?.slice(0, 8) ?? fetched.revision}` : source
  const size = `${(info.parameters / 1e9).toFixed(2)} B`
  return [id, name, info.size ?? info.family, size, info.template, from, onDisk ? '' : 'the folder is gone']
    .filter(Boolean)
    .join('  ')
}

function amount({ done, total, rate }: TaskProgress): string {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`
  const speed = rate ? `, ${(rate / 1e6).toFixed(1)} MB a second` : ''
  return `${gigabytes(done)} of ${gigabytes(total)}${speed}`
}
