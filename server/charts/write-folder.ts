import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ConversationOptions } from '../contracts/version.ts'
import { ExportFolder } from '../formats/internvl/export-folder.ts'
import { conversationRecord, renderConversation } from '../grounding/conversation.ts'
import type { Picture } from './draw-picture.ts'
import { drawPictures } from './draw-pictures.ts'
import type { DrawPlan } from './draw-plan.ts'

export interface WriteFolderOptions {
  conversation: ConversationOptions
  /** Absolute paths in the meta files. */
  absolute: boolean
  onProgress?: (done: number) => void
}

/**
 * Draws a plan into `folder/images` and writes it as an InternVL dataset. Pictures that are left for a
 * person lie in `folder/unannotated` and in no file.
 */
export async function writeFolder(folder: string, plan: DrawPlan, options: WriteFolderOptions) {
  await mkdir(path.join(folder, 'images'), { recursive: true })
  const output = new ExportFolder(folder, { name: 'flowcharts', absolute: options.absolute ? folder : null })
  const counts = { images: 0, boxes: 0, unannotated: 0 }
  try {
    for await (const picture of drawPictures(plan)) {
      if (picture.split) {
        counts.boxes += picture.expressions.reduce((sum, { boxes }) => sum + boxes.length, 0)
        await writePicture(folder, picture, output, options.conversation)
      } else {
        await mkdir(path.join(folder, 'unannotated'), { recursive: true })
        await writeFile(path.join(folder, 'unannotated', picture.fileName), picture.bytes)
        counts.unannotated += 1
      }
      counts.images += 1
      options.onProgress?.(counts.images)
    }
    const lengths = await output.commit()
    return { ...counts, train: lengths.train ?? 0, val: lengths.val ?? 0 }
  } catch (error) {
    await output.discard()
    throw error
  }
}

async function writePicture(
  folder: string,
  { index, fileName, bytes, width, height, split, expressions }: Picture,
  output: ExportFolder,
  conversation: ConversationOptions,
): Promise<void> {
  const image = `images/${fileName}`
  await writeFile(path.join(folder, image), bytes)
  const rendered = renderConversation(expressions, { width, height }, conversation)
  const [problem] = rendered.problems
  if (problem) throw new Error(`${fileName}: a drawn shape cannot be written: ${JSON.stringify(problem)}`)
  await output.add(split ?? 'train', conversationRecord({ id: index, image, width, height }, rendered))
}
