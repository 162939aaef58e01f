import { type Command, Option } from 'commander'
import {
  ChartClasses,
  ChartEffect,
  type ChartSource,
  ChartStyleName,
  DrawOptions,
  PhraseKind,
} from '../../contracts/chart.ts'
import { ConversationOptions } from '../../contracts/version.ts'
import { type Report, wholeNumber } from '../report.ts'
import { userPath } from '../user-path.ts'

interface DrawFlags {
  from: string[]
  copies: number
  random: number
  seed: number
  styles?: string[]
  effects?: string[]
  lang: string
  texts?: string
  classes?: string
  size: { low: number; high: number }
  relayout: boolean
  phrases: string
  phraseKinds?: string[]
  negatives: boolean
  unannotated: number
  style: string
  absolute: boolean
}

export function addDrawVerb(program: Command, report: Report): void {
  program
    .command('draw')
    .description('draw flowcharts with exact boxes into a folder, as an InternVL dataset')
    .argument('<out>', 'folder to write into; made when it is not there')
    .option(
      '--from <path>',
      'Mermaid, Graphviz DOT or draw.io file, or a folder of them; may be repeated',
      another,
      [],
    )
    .option('--copies <n>', 'pictures of each chart, each in another style', wholeNumber(1), 1)
    .option('--random <n>', 'invented charts', wholeNumber(0), 0)
    .option('--seed <n>', 'the same seed draws the same pictures', wholeNumber(0), 1)
    .option('--styles <names>', `how charts look, by default ${ChartStyleName.options.join()}`, names)
    .option('--effects <names>', `none, or some of ${ChartEffect.options.join()}, by default all`, names)
    .addOption(choice('--lang <language>', 'class names, phrases and prompts', ['en', 'zh'], 'en'))
    .addOption(
      new Option('--texts <language>', 'words in invented charts; by default as --lang').choices([
        'en',
        'zh',
        'both',
      ]),
    )
    .option('--classes <file>', 'JSON list of {"names": {"en", "zh"}, "things": […]}, in place of ours')
    .option('--size <low-high>', 'longer side in pixels', sizeRange, { low: 640, high: 1920 })
    .option('--relayout', 'lay draw.io pages out anew instead of keeping their places', false)
    .addOption(choice('--phrases <amount>', 'phrases beside the classes', ['none', 'some', 'many'], 'some'))
    .option('--phrase-kinds <names>', `some of ${PhraseKind.options.join()}, by default all`, names)
    .option('--no-negatives', 'never state what is not there')
    .option('--unannotated <share>', 'share of the pictures left without boxes, 0 to 1', Number, 0)
    .addOption(
      choice('--style <style>', 'form of the conversations', ['referring', 'detection'], 'referring'),
    )
    .option('--absolute', 'absolute paths in the meta files', false)
    .action(async (typed: string, flags: DrawFlags) => {
      const out = userPath(typed)
      const { readFolders, readClasses } = await import('../chart-files.ts')
      const { asStudioInput } = await import('../studio-input.ts')
      const sources: ChartSource[] = await readFolders(flags.from.map(userPath))
      const options = asStudioInput(DrawOptions, {
        seed: flags.seed,
        language: flags.lang,
        texts: flags.texts ?? flags.lang,
        styles: flags.styles,
        effects: flags.effects?.filter((name) => name !== 'none'),
        size: flags.size,
        layout: flags.relayout ? 'fresh' : 'asDrawn',
        classes: flags.classes
          ? asStudioInput(ChartClasses, await readClasses(userPath(flags.classes)))
          : undefined,
        phrases: flags.phrases,
        phraseKinds: flags.phraseKinds,
        negatives: flags.negatives,
        random: flags.random,
        copies: flags.copies,
        unannotated: flags.unannotated,
      })
      const { pictureCount, soundPlan } = await import('../../charts/draw-plan.ts')
      const { noteText } = await import('../../charts/sources/problem-text.ts')
      const { plan, notes } = soundPlan(sources, options)
      for (const note of notes) report.notice({ code: note.reason, message: noteText(note), count: 1 })
      const count = pictureCount(plan)
      const { writeFolder } = await import('../../charts/write-folder.ts')
      const result = await writeFolder(out, plan, {
        conversation: ConversationOptions.parse({ style: flags.style, language: flags.lang }),
        absolute: flags.absolute,
        onProgress: (done) => report.progress(`${done} of ${count} pictures`),
      })
      const bare = result.unannotated > 0 ? `, ${result.unannotated} left to annotate` : ''
      report.done(
        { ...result, folder: out },
        `${result.images} pictures with ${result.boxes} boxes in ${out}: ${result.train} to train on (meta.json), ${result.val} held out (meta_val.json)${bare}.`,
      )
    })
}

function choice(flags: string, description: string, choices: string[], usual: string): Option {
  return new Option(flags, description).choices(choices).default(usual)
}

/** `a,b` */
function names(text: string): string[] {
  return text.split(',').map((name) => name.trim())
}

function another(value: string, before: string[]): string[] {
  return [...before, value]
}

function sizeRange(text: string): { low: number; high: number } {
  const [low, high = low] = text.split('-').map(Number)
  return { low: low ?? Number.NaN, high: high ?? Number.NaN }
}
