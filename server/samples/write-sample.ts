import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ConversationOptions } from '../contracts/version.ts'
import { ExportFolder } from '../formats/internvl/export-folder.ts'
import { conversationRecord, renderConversation } from '../grounding/conversation.ts'
import { drawSample, type SampleChart, splitOf } from './sample-charts.ts'

export interface WriteSampleOptions {
  count: number
  seed: number
  conversation: ConversationOptions
  /** Absolute paths in the meta files. */
  absolute: boolean
  onProgress?: (done: number) => void
}

/** Draws charts into `folder/images` and writes them as an InternVL dataset, every fifth for validation. */
export async function writeSample(folder: string, options: WriteSampleOptions) {
  await mkdir(path.join(folder, 'images'), { recursive: true })
  const output = new ExportFolder(folder, { name: 'flowcharts', absolute: options.absolute ? folder : null })
  let boxes = 0
  try {
    for await (const sample of drawSample(options.seed, options.count)) {
      boxes += sample.expressions.reduce((sum, expression) => sum + expression.boxes.length, 0)
      await writeChart(folder, sample, output, options.conversation)
      options.onProgress?.(sample.index + 1)
    }
    const lengths = await output.commit()
    return { images: options.count, boxes, train: lengths.train ?? 0, val: lengths.val ?? 0 }
  } catch (error) {
    await output.discard()
    throw error
  }
}

async function writeChart(
  folder: string,
  { index, fileName, chart, expressions }: SampleChart,
  output: ExportFolder,
  conversation: ConversationOptions,
): Promise<void> {
  const image = `images/${fileName}`
  await writeFile(path.join(folder, image), chart.bytes)
  const rendered = renderConversation(expressions, chart, conversation)
  const [problem] = rendered.problems
  if (problem) throw new Error(`${fileName}: a drawn shape cannot be written: ${JSON.stringify(problem)}`)
  const { width, height } = chart
  await output.add(splitOf(index), conversationRecord({ id: index, image, width, height }, rendered))
}
