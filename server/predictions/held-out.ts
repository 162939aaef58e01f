import type { ExpressionKind } from '../contracts/annotation.ts'
import type { NormalisedBox } from '../contracts/prediction.ts'
import type { ConversationOptions, VersionRecord } from '../contracts/version.ts'
import { renderConversation } from '../grounding/conversation.ts'
import { type Corners, normaliseBox } from '../grounding/coordinates.ts'
import { parseAnswer } from '../grounding/parse-answer.ts'
import { PROMPTS, referringQuestion } from '../grounding/prompts.ts'
import type { Studio } from '../studio.ts'
import { readVersion, versionRecords } from '../versions/read-version.ts'

/** One expression on one held-out picture, with the question that asks for it. */
export interface HeldOutSample {
  imageId: string
  fileName: string
  width: number
  height: number
  expression: string
  kind: ExpressionKind
  /** Asked once per picture when several samples share it (detection). Without the image placeholder. */
  prompt: string
  /** Pixels; empty = a stated negative. */
  truth: Corners[]
}

/**
 * What the validation split of a run asks, as its training data words it. The frozen version decides, not
 * the annotations of today. Pictures deleted since cannot be shown and are counted in `gone`.
 */
export async function heldOutSamples(
  studio: Studio,
  runId: string,
): Promise<{ samples: HeldOutSample[]; gone: number }> {
  const run = await studio.db.run.findUniqueOrThrow({
    where: { id: runId },
    select: { projectId: true, datasets: { select: { versionId: true } } },
  })
  const images = await studio.db.image.findMany({ where: { projectId: run.projectId }, select: { id: true } })
  const present = new Set(images.map(({ id }) => id))
  const samples = new Map<string, HeldOutSample>()
  let gone = 0
  for (const { versionId } of run.datasets) {
    const version = await readVersion(studio.db, versionId)
    for await (const record of versionRecords(studio.paths, version.contentSha256)) {
      if (record.kind !== 'image' || record.split !== 'val') continue
      if (!present.has(record.imageId)) {
        gone += 1
        continue
      }
      // Asked twice in the same words, on one picture or in two versions, it is one sample.
      for (const sample of samplesOf(record, version.options.conversation)) {
        const key = sampleKey(sample.imageId, sample.expression)
        if (!samples.has(key)) samples.set(key, sample)
      }
    }
  }
  return { samples: [...samples.values()], gone }
}

export function sampleKey(imageId: string, expression: string): string {
  return `${imageId} ${expression}`
}

/** The samples of one record: what the export asks of it, nothing more. */
export function samplesOf(
  record: Extract<VersionRecord, { kind: 'image' }>,
  options: ConversationOptions,
): HeldOutSample[] {
  const { imageId, fileName, width, height } = record
  const { skippedNegatives, problems } = renderConversation(record.expressions, record, options)
  const left = new Set([
    ...skippedNegatives,
    ...problems.flatMap((problem) => (problem.kind === 'expression' ? [problem.expression] : [])),
  ])
  return record.expressions.flatMap(({ kind, text, boxes }, index) => {
    if (left.has(index)) return []
    const detected = options.style === 'detection' && boxes.length > 0
    const prompt = detected ? PROMPTS[options.language].detection : referringQuestion(text, options.language)
    const truth = boxes.filter((box) => normaliseBox(box, record).ok)
    return [{ imageId, fileName, width, height, expression: text, kind, prompt, truth }]
  })
}

/**
 * What an answer says about each expression. A referring answer is about what was asked, whatever label it
 * repeats; a detection answer is split by its labels, also those that nobody asked for.
 * @param expressions of all samples that share the question
 */
export function boxesByExpression(
  prompt: string,
  expressions: readonly string[],
  text: string,
): Map<string, NormalisedBox[]> {
  const answer = parseAnswer(text)
  const found = new Map<string, NormalisedBox[]>(expressions.map((expression) => [expression, []]))
  if (!isDetection(prompt)) {
    for (const expression of expressions) found.set(expression, answer.boxes)
    return found
  }
  for (const { label, boxes } of answer.groups) {
    const name = label ?? ''
    found.set(name, [...(found.get(name) ?? []), ...boxes])
  }
  return found
}

function isDetection(prompt: string): boolean {
  return Object.values(PROMPTS).some(({ detection }) => detection === prompt)
}
