import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../errors.ts'
import type { Item, SourceDataset } from '../item.ts'
import type { Findings } from '../problems.ts'
import { readLines, unreadable } from '../read-lines.ts'
import { fieldName, type ReadOptions, readRecord } from './read-record.ts'

export interface InternvlSource {
  /** An annotation file (.jsonl), a meta file, or a JSON array of records. */
  input: string
  /** Folder of the images; by default the root of the meta file, or the folder of the input. */
  images: string | null
  allowAbsolute: boolean
}

const LooseMeta = z.record(
  z.string().min(1),
  z.looseObject({
    root: z.string(),
    annotation: z.string().min(1),
    data_augment: z.boolean().default(false),
    repeat_time: z.number().positive().default(1),
  }),
)

export async function readInternvl(
  { input, images, allowAbsolute }: InternvlSource,
  findings: Findings,
): Promise<SourceDataset[]> {
  const name = path.basename(input).replace(/\.jsonl?$/, '')
  const plain = { name, repeatTime: 1, dataAugment: false }
  const root = path.resolve(images ?? path.dirname(input))
  const options: ReadOptions = { file: input, root, allowAbsolute }
  if (!input.endsWith('.json')) return [{ ...plain, root, items: linesOf(options, findings) }]
  const content = parseJson(await readFile(input, 'utf8').catch(throwUnreadable(input)), input)
  if (Array.isArray(content)) {
    return [{ ...plain, root, items: recordsOf(content, options, findings) }]
  }
  const meta = LooseMeta.safeParse(content)
  if (!meta.success) {
    const [issue] = meta.error.issues
    throw new StudioError('BAD_FILE', {
      message: `${input}:${fieldName(issue?.path ?? [])}: ${issue?.message}. A .json file is either a meta file {name: {root, annotation, …}} or a list of records.`,
    })
  }
  const folder = path.dirname(path.resolve(input))
  return Object.entries(meta.data).map(([dataset, entry]) => {
    const file = path.resolve(folder, entry.annotation)
    const itsRoot = path.resolve(images ?? path.resolve(folder, entry.root))
    return {
      name: dataset,
      root: itsRoot,
      repeatTime: entry.repeat_time,
      dataAugment: entry.data_augment,
      items: linesOf({ file, root: itsRoot, allowAbsolute }, findings),
    }
  })
}

async function* linesOf(options: ReadOptions, findings: Findings): AsyncGenerator<Item[]> {
  for await (const lines of readLines(options.file)) {
    const items: Item[] = []
    for (const { text, number } of lines) {
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch (error) {
        const place = { file: options.file, line: number, field: '' }
        findings.problem(place, `not JSON: ${(error as Error).message}. One record a line, without NaN.`)
        continue
      }
      const item = readRecord(value, number, options, findings)
      if (item) items.push(item)
    }
    yield items
  }
}

/** For lists the number of the record stands where a line number would. */
async function* recordsOf(
  records: readonly unknown[],
  options: ReadOptions,
  findings: Findings,
): AsyncGenerator<Item[]> {
  yield records.flatMap((value, index) => readRecord(value, index + 1, options, findings) ?? [])
}

export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new StudioError('BAD_FILE', {
      message: `${file}: not JSON: ${(error as Error).message}. NaN and Infinity, which Python writes, are not JSON either.`,
    })
  }
}

export function throwUnreadable(file: string): (error: unknown) => never {
  return (error) => {
    throw unreadable(file, error)
  }
}
