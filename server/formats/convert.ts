import { existsSync } from 'node:fs'
import path from 'node:path'
import type { PromptLanguage } from '../contracts/project.ts'
import type { ConversationStyle } from '../contracts/version.ts'
import { readCoco } from './coco/read.ts'
import { CocoWriter } from './coco/write.ts'
import type { Format } from './formats.ts'
import { readInternvl } from './internvl/read.ts'
import { InternvlWriter } from './internvl/write.ts'
import type { Item, SourceDataset } from './item.ts'
import { measureImage } from './measure-image.ts'
import { Findings, type Notice } from './problems.ts'
import type { FormatWriter } from './writer.ts'

export interface ConvertOptions {
  from: Format
  to: Format
  input: string
  output: string
  /** Folder of the pictures. When it is named, every picture must be in it. */
  images?: string | null
  style?: ConversationStyle | null
  language?: PromptLanguage | null
  fence?: boolean | null
  negatives?: boolean
  absolute?: boolean
  /** Leave out what is broken, and say so, instead of writing nothing. */
  skipInvalid?: boolean
  onProgress?: (records: number) => void
}

export interface ConvertResult {
  records: number
  files: string[]
  notices: Notice[]
}

/**
 * Reads one format and writes another, file to file, record by record. Either all of it appears or nothing.
 * @throws StudioError BAD_FILE with every problem (file, line, field, what to do)
 */
export async function convert(options: ConvertOptions): Promise<ConvertResult> {
  const findings = new Findings()
  const datasets = await openSource(options, findings)
  const writer = openTarget(options, findings)
  try {
    let read = 0
    for (const { items, ...dataset } of datasets) {
      await writer.begin(dataset)
      for await (const batch of items) {
        for (const item of batch) {
          // No promise per record where there is nothing to look up.
          if (options.images && !(await checkImages(item, dataset.root, options, findings))) continue
          const pending = writer.add(item)
          if (pending) await pending
        }
        read += batch.length
        options.onProgress?.(read)
      }
    }
    if (!options.skipInvalid) findings.throwIfAny()
    const { files, records } = await writer.commit()
    return { files, records, notices: [...findings.leftOut, ...findings.notices] }
  } catch (error) {
    await writer.discard()
    throw error
  }
}

async function openSource(options: ConvertOptions, findings: Findings): Promise<SourceDataset[]> {
  const { input, images = null, absolute: allowAbsolute = false } = options
  switch (options.from) {
    case 'internvl':
      return readInternvl({ input, images, allowAbsolute }, findings)
    case 'coco':
      return [await readCoco({ input, images, allowAbsolute, measure: measureImage }, findings)]
  }
}

function openTarget(options: ConvertOptions, findings: Findings): FormatWriter {
  const { style = null, language = null, fence = null, negatives = true, absolute = false } = options
  const output = path.resolve(options.output)
  switch (options.to) {
    case 'internvl':
      return new InternvlWriter({ output, style, language, fence, negatives, absolute }, findings)
    case 'coco':
      return new CocoWriter(output, findings)
  }
}

/** A picture that is not there is not noticed by the original scripts: they train on another one instead. */
async function checkImages(
  item: Item,
  root: string,
  { to }: ConvertOptions,
  findings: Findings,
): Promise<boolean> {
  const named = item.kind === 'grounded' ? [item.image] : [item.record.image ?? []].flat().map(String)
  for (const image of named) {
    if (existsSync(path.resolve(root, image))) continue
    findings.problem({ file: image, line: null, field: 'image' }, `there is no such picture in ${root}.`)
    return false
  }
  if (item.kind === 'grounded' && !item.size && to !== 'internvl') {
    const size = await measureImage(path.resolve(root, item.image))
    if (!size) {
      findings.problem({ file: item.image, line: null, field: 'image' }, 'the picture cannot be read.')
      return false
    }
    rescale(item, size)
  }
  return true
}

/** Boxes that were read in thousandths, in pixels. */
function rescale(item: Extract<Item, { kind: 'grounded' }>, size: { width: number; height: number }): void {
  item.size = size
  for (const expression of item.expressions) {
    expression.boxes = expression.boxes.map(([x1, y1, x2, y2]) => [
      (x1 / 1000) * size.width,
      (y1 / 1000) * size.height,
      (x2 / 1000) * size.width,
      (y2 / 1000) * size.height,
    ])
  }
}
