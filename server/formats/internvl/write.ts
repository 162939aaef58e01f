import path from 'node:path'
import type { PromptLanguage } from '../../contracts/project.ts'
import { ConversationOptions, type ConversationStyle } from '../../contracts/version.ts'
import { StudioError } from '../../errors.ts'
import { conversationRecord, type RenderProblem, renderConversation } from '../../grounding/conversation.ts'
import type { GroundedItem, Item, SourceDataset } from '../item.ts'
import { THOUSANDTHS } from '../item.ts'
import { OutputFile, writeWhole } from '../output-file.ts'
import type { Findings } from '../problems.ts'
import type { FormatWriter } from '../writer.ts'
import { type MetaDataset, metaFile, metaText } from './meta.ts'

export interface InternvlTarget {
  /** A `.jsonl` file, its meta file beside it; anything else is a folder. */
  output: string
  /** Null = as each record came; `referring` for formats that have no conversations. */
  style: ConversationStyle | null
  /** Null = as each record came; English for formats that have no conversations. */
  language: PromptLanguage | null
  /** Null = as each record came, fenced for formats that have no conversations. */
  fence: boolean | null
  negatives: boolean
  absolute: boolean
}

const COUNTED = {
  clamped: '{} boxes stuck out of their picture and were cut at its border.',
  skippedNegatives: '{} stated negatives were left out, as asked.',
  nothingToAsk: '{} pictures have nothing that could be asked and so no record.',
} as const

export class InternvlWriter implements FormatWriter {
  readonly #target: InternvlTarget
  readonly #findings: Findings
  readonly #isFile: boolean
  readonly #datasets: (MetaDataset & { file: OutputFile })[] = []
  readonly #plain: ConversationOptions
  #records = 0

  constructor(target: InternvlTarget, findings: Findings) {
    this.#target = target
    this.#findings = findings
    this.#isFile = target.output.endsWith('.jsonl')
    const { style, language, fence, negatives } = target
    this.#plain = ConversationOptions.parse({
      style: style ?? undefined,
      language: language ?? undefined,
      fence: fence ?? undefined,
      negatives,
    })
  }

  async begin({ name, root, repeatTime, dataAugment }: Omit<SourceDataset, 'items'>): Promise<void> {
    const { output } = this.#target
    if (this.#isFile && this.#datasets.length > 0) {
      throw new StudioError('BAD_REQUEST', {
        message: `The input mixes several data sets; name a folder instead of the file ${output}, so that each gets a file of its own.`,
      })
    }
    const annotation = this.#isFile ? output : path.join(output, `${name}.jsonl`)
    const file = await OutputFile.open(annotation)
    this.#datasets.push({ name, root, annotation, length: 0, repeatTime, dataAugment, file })
  }

  add(item: Item): Promise<void> | undefined {
    const dataset = this.#datasets.at(-1)
    const record = item.kind === 'conversation' ? item.record : this.#recordOf(item)
    if (!dataset || !record) return undefined
    dataset.length += 1
    this.#records += 1
    return dataset.file.write(`${JSON.stringify(record)}\n`)
  }

  /** Word for word when nothing else is asked for; a record of ours then comes back byte for byte. */
  #recordOf(item: GroundedItem): object | null {
    const { style, language, fence, negatives } = this.#target
    const keeps = style === null && language === null && fence === null && negatives
    if (item.source && keeps) return item.source.record
    const size = item.size ?? THOUSANDTHS
    const rendered = renderConversation(item.expressions, size, {
      ...this.#plain,
      style: style ?? item.source?.style ?? this.#plain.style,
      fence: fence ?? item.source?.fence ?? true,
    })
    const isBroken = this.#report(item, rendered.problems)
    for (const _ of rendered.skippedNegatives)
      this.#findings.notice('skipped-negative', COUNTED.skippedNegatives)
    if (isBroken) return null
    if (rendered.turns.length === 0) {
      this.#findings.notice('nothing-to-ask', COUNTED.nothingToAsk)
      return null
    }
    const { id, image } = item
    const record = conversationRecord({ id: id ?? this.#records, image, ...size }, rendered)
    if (item.size) return record
    const { width: _, height: __, ...withoutSize } = record
    return withoutSize
  }

  /** @returns whether the record cannot be written */
  #report(item: GroundedItem, problems: readonly RenderProblem[]): boolean {
    let isBroken = false
    for (const problem of problems) {
      if (problem.kind === 'clamped') this.#findings.notice('clamped', COUNTED.clamped)
      if (problem.kind !== 'box') continue
      isBroken = true
      const expression = item.expressions[problem.expression]
      const box = expression?.boxes[problem.box]?.map((value) => Number(value.toFixed(2))).join(', ')
      this.#findings.problem(
        { file: item.image, line: null, field: expression?.text ?? '' },
        `the box (${box}) cannot be written as 0..1000: ${WHY[problem.problem.code]}`,
      )
    }
    return isBroken
  }

  async commit(): Promise<{ files: string[]; records: number }> {
    const { output, absolute } = this.#target
    const folder = this.#isFile ? path.dirname(output) : output
    for (const { file } of this.#datasets) await file.commit()
    for (const { root } of this.#datasets) {
      if (!absolute && path.relative(folder, root).startsWith('..')) {
        this.#findings.notice(
          'pictures-outside',
          'The pictures lie outside the export folder. Put the export beside them, or use --absolute, before moving it.',
        )
      }
    }
    const meta = this.#isFile ? output.replace(/\.jsonl$/, '.meta.json') : path.join(output, 'meta.json')
    await writeWhole(meta, metaText(metaFile(this.#datasets, folder, absolute ? folder : null)))
    return { files: [...this.#datasets.map(({ annotation }) => annotation), meta], records: this.#records }
  }

  async discard(): Promise<void> {
    for (const { file } of this.#datasets) await file.discard()
  }
}

const WHY = {
  notFinite: 'a coordinate is not a number. Mend it or delete the box.',
  empty: 'it has no width or no height. Mend it or delete the box.',
  outside: 'it lies outside the picture. Check the picture’s size and the box.',
  vanishes: 'it is smaller than a thousandth of the picture. Make it larger or delete it.',
} as const
