import { type Command, Option } from 'commander'
import type { PromptLanguage } from '../../contracts/project.ts'
import type { ConversationStyle } from '../../contracts/version.ts'
import { FORMATS, type Format } from '../../formats/formats.ts'
import type { Report } from '../report.ts'
import { userPath } from '../user-path.ts'

interface ConvertFlags {
  from: Format
  to: Format
  images?: string
  style?: ConversationStyle
  lang?: PromptLanguage
  fence: boolean
  negatives: boolean
  absolute: boolean
  skipInvalid: boolean
}

export function addConvertVerb(program: Command, report: Report): void {
  program
    .command('convert')
    .description('turn one format into another, file to file, without a database')
    .argument('<in>', 'internvl: .jsonl, meta .json or a .json list of records; coco: .json')
    .argument('<out>', 'internvl: .jsonl (its meta file beside it) or a folder; coco: .json or a folder')
    .addOption(new Option('--from <format>', 'format of IN').choices(FORMATS).makeOptionMandatory())
    .addOption(new Option('--to <format>', 'format of OUT').choices(FORMATS).makeOptionMandatory())
    .option('--images <dir>', 'folder of the pictures; every one must be in it')
    .addOption(
      new Option(
        '--style <style>',
        'form of the conversations; by default as they are, referring from coco',
      ).choices(['referring', 'detection']),
    )
    .addOption(
      new Option('--lang <language>', 'prompts; by default as they are, English from coco').choices([
        'en',
        'zh',
      ]),
    )
    .option('--no-fence', 'detection answers without the fenced block')
    .option('--no-negatives', 'leave out what is stated as absent')
    .option('--absolute', 'absolute paths in the meta file; take absolute image paths', false)
    .option('--skip-invalid', 'leave out broken records instead of writing nothing', false)
    .action(async (input: string, output: string, flags: ConvertFlags) => {
      const { convert } = await import('../../formats/convert.ts')
      const result = await convert({
        ...flags,
        input: userPath(input),
        output: userPath(output),
        images: flags.images === undefined ? null : userPath(flags.images),
        language: flags.lang ?? null,
        // Commander gives true when the flag is absent; only its presence asks for something.
        fence: flags.fence ? null : false,
        onProgress: (records) => report.progress(`${records} records`),
      })
      for (const notice of result.notices) report.notice(notice)
      report.done({ ...result }, `${result.records} records in ${result.files.join(', ')}`)
    })
}
