import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Prisma } from '../../prisma/generated/client.ts'
import { chunks, readDocuments } from '../annotations/records.ts'
import { NormalisedBox, PredictionLine, RefusedLine } from '../contracts/prediction.ts'
import { modelKey, PRELABEL_EXAMPLES, type PrelabelResult } from '../contracts/suggestion.ts'
import type { TaskPayload } from '../contracts/worker.ts'
import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { write } from '../db/transaction.ts'
import { denormaliseBox } from '../grounding/coordinates.ts'
import { cornersOf } from '../grounding/document.ts'
import { iou, SAME_BOX_IOU } from '../grounding/match.ts'
import { isUnreadable, parseAnswer } from '../grounding/parse-answer.ts'
import type { Studio } from '../studio.ts'
import { prelabelFiles } from './prelabel-files.ts'
import { QuestionRecord } from './prelabel-questions.ts'

type PrelabelPayload = Extract<TaskPayload, { kind: 'prelabel' }>

/** Images whose suggestions are written in one transaction: the lock is never held for long. */
const IMAGES_AT_ONCE = 200

interface Answered {
  imageId: string
  kind: QuestionRecord['asked'][number]['kind']
  text: string
  boxes: { box: NormalisedBox; score: number | null }[]
}

/**
 * Puts the answers of a prelabelling into the database, in place of what the same model proposed before for the same
 * expressions of the same images. Boxes that are annotated already and those that a person has rejected from this
 * model are only counted. Doing it again does the same.
 */
export async function takeSuggestions(studio: Studio, payload: PrelabelPayload): Promise<PrelabelResult> {
  const files = prelabelFiles(studio.paths, payload.prelabelId)
  const records: QuestionRecord[] = []
  for await (const line of linesOf(files.questions)) records.push(QuestionRecord.parse(JSON.parse(line)))
  const result = noResult(payload)
  for await (const line of linesOf(files.refused)) {
    const { index, why } = RefusedLine.parse(JSON.parse(line))
    const record = records[index]
    if (!record) continue
    const { id: imageId, file_name: fileName } = record
    // Where the store keeps its files means nothing to a person, and the file has another name there.
    note(result.refused, { imageId, fileName, why: why.replaceAll(/\S*\/blobs\/\S+/g, 'The stored file') })
  }
  const byImage = new Map<string, Answered[]>()
  for await (const line of linesOf(files.predictions)) {
    const { index, expression, text, boxes, scores } = PredictionLine.parse(JSON.parse(line))
    const record = records[index]
    const asked = record?.asked.find((each) => each.text === expression)
    if (!record || !asked) continue
    if (isUnreadable(parseAnswer(text))) {
      note(result.unreadable, { imageId: record.id, expression, answer: text.slice(0, 500) })
    } else if (boxes.length === 0) result.nothing += 1
    const found = boxes.map((box, place) => ({ box, score: scores?.[place] ?? null }))
    const known = byImage.get(record.id) ?? []
    byImage.set(record.id, [...known, { imageId: record.id, ...asked, boxes: found }])
  }
  for (const images of chunks([...byImage.keys()], IMAGES_AT_ONCE)) {
    const answered = images.flatMap((id) => byImage.get(id) ?? [])
    await write(studio.db, (tx) => replaceSuggestions(tx, payload, images, answered, result))
  }
  return result
}

async function replaceSuggestions(
  tx: Transaction,
  { model, modelName }: PrelabelPayload,
  imageIds: readonly string[],
  answered: readonly Answered[],
  result: PrelabelResult,
): Promise<void> {
  const key = modelKey(model)
  const where = { imageId: { in: [...imageIds] } }
  const images = await tx.image.findMany({
    where: { id: where.imageId },
    select: { id: true, width: true, height: true },
  })
  const sizes = new Map(images.map(({ id, ...size }) => [id, size]))
  result.gone += imageIds.length - images.length
  const documents = await readDocuments(tx, imageIds)
  const rejected = await tx.suggestion.findMany({ where: { ...where, model: key, state: 'rejected' } })
  const rows: Prisma.SuggestionCreateManyInput[] = []
  for (const { imageId, kind, text, boxes } of answered) {
    const size = sizes.get(imageId)
    if (!size) continue
    await tx.suggestion.deleteMany({ where: { imageId, model: key, text, state: { not: 'rejected' } } })
    const document = documents.get(imageId)
    const expression = document?.expressions.find((each) => each.text === text)
    const annotated =
      document?.boxes.filter(({ expressionIds }) => expression && expressionIds.includes(expression.id)) ?? []
    const refused = rejected.filter((each) => each.imageId === imageId && each.text === text)
    for (const { box, score } of boxes) {
      const corners = denormaliseBox(box, size)
      const isSame = (other: readonly [number, number, number, number]) => iou(corners, other) >= SAME_BOX_IOU
      if (annotated.some((each) => isSame(cornersOf(each)))) result.alreadyThere += 1
      else if (refused.some((each) => isSame(denormaliseBox(NormalisedBox.parse(each.box), size))))
        result.rejectedBefore += 1
      else {
        rows.push({
          ...{ id: newId('sg'), boxId: newId('b'), imageId, kind, text, box, score, model: key, modelName },
          runId: model.kind === 'tuned' ? model.runId : null,
        })
      }
    }
  }
  await tx.suggestion.createMany({ data: rows })
  result.suggestions += rows.length
}

function noResult({ images, questions }: PrelabelPayload): PrelabelResult {
  return {
    ...{ images, questions, suggestions: 0, nothing: 0, alreadyThere: 0, rejectedBefore: 0, gone: 0 },
    unreadable: { count: 0, examples: [] },
    refused: { count: 0, examples: [] },
  }
}

function note<T>(list: { count: number; examples: T[] }, example: T): void {
  list.count += 1
  if (list.examples.length < PRELABEL_EXAMPLES) list.examples.push(example)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file) })) if (line !== '') yield line
}
