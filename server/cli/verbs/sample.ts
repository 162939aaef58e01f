import { type Command, Option } from 'commander'
import { ConversationOptions } from '../../contracts/version.ts'
import { type Report, wholeNumber } from '../report.ts'
import { userPath } from '../user-path.ts'

interface SampleFlags {
  out: string
  count: number
  seed: number
  style: string
  lang: string
  absolute: boolean
}

export function addSampleVerb(program: Command, report: Report): void {
  program
    .command('sample')
    .description('draw flowcharts with exact boxes into a folder, as an InternVL dataset')
    .requiredOption('--out <dir>', 'folder to write into; made when it is not there')
    .option('--count <n>', 'number of charts', wholeNumber(1), 300)
    .option('--seed <n>', 'the same seed draws the same charts', wholeNumber(0), 1)
    .addOption(
      new Option('--style <style>', 'form of the conversations')
        .choices(['referring', 'detection'])
        .default('referring'),
    )
    .addOption(new Option('--lang <language>', 'language of the prompts').choices(['en', 'zh']).default('en'))
    .option('--absolute', 'absolute paths in the meta files', false)
    .action(async (flags: SampleFlags) => {
      const out = userPath(flags.out)
      const conversation = ConversationOptions.parse({ style: flags.style, language: flags.lang })
      const { count, seed, absolute } = flags
      const { samplePlan } = await import('../../samples/create-sample-project.ts')
      const { writeFolder } = await import('../../charts/write-folder.ts')
      const plan = samplePlan(conversation.language, { annotated: count, bare: 0, seed })
      const result = await writeFolder(out, plan, {
        conversation,
        absolute,
        onProgress: (done) => report.progress(`${done} of ${count} charts`),
      })
      report.done(
        { ...result, folder: out },
        `${result.images} charts with ${result.boxes} boxes in ${out}: ${result.train} to train on (meta.json), ${result.val} held out (meta_val.json).`,
      )
    })
}
