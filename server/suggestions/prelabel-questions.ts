import path from 'node:path'
import { z } from 'zod'
import { Prisma } from '../../prisma/generated/client.ts'
import { ExpressionKind } from '../contracts/annotation.ts'
import type { PromptLanguage } from '../contracts/project.ts'
import type { StartPrelabel } from '../contracts/suggestion.ts'
import type { Database } from '../db/client.ts'
import { IMAGE_PREFIX, negativeAnswer, referringQuestion } from '../grounding/prompts.ts'
import { chosen } from '../images/image-filter.ts'
import { blobPath } from '../storage/blobs.ts'
import type { DataPaths } from '../storage/paths.ts'

type Asked = StartPrelabel['expressions'][number]

/** What one image is asked. */
export interface ImageQuestions {
  image: { id: string; fileName: string; sha256: string; width: number; height: number }
  expressions: Asked[]
}

/** The images that were chosen, each with the expressions it is to be asked for; those without any are left out. */
export async function prelabelQuestions(
  db: Database,
  { projectId, images, expressions, onlyMissing }: StartPrelabel,
  viewerId: string,
): Promise<ImageQuestions[]> {
  const where = chosen(projectId, images, viewerId)
  const rows = await db.$queryRaw<ImageQuestions['image'][]>`
    SELECT i."id", i."fileName", i."sha256", i."width", i."height" FROM "Image" i WHERE ${where}
    ORDER BY i."position"`
  const unique = [...new Map(expressions.map((expression) => [expression.text, expression])).values()]
  const answered = onlyMissing ? await answeredPairs(db, where, unique) : new Set<string>()
  return rows.flatMap((image) => {
    const asked = unique.filter(({ text }) => !answered.has(pair(image.id, text)))
    return asked.length > 0 ? [{ image, expressions: asked }] : []
  })
}

/** Whatever has a record is answered: by its boxes, or by having none as "not in this image". */
async function answeredPairs(
  db: Database,
  where: Prisma.Sql,
  expressions: readonly Asked[],
): Promise<Set<string>> {
  const texts = Prisma.join(expressions.map(({ text }) => text))
  const rows = await db.$queryRaw<{ imageId: string; text: string }[]>`
    SELECT e."imageId", e."text" FROM "Expression" e JOIN "Image" i ON i."id" = e."imageId"
    WHERE e."text" IN (${texts}) AND ${where}`
  return new Set(rows.map(({ imageId, text }) => pair(imageId, text)))
}

function pair(imageId: string, text: string): string {
  return `${imageId} ${text}`
}

/** One line of the questions file: a record of the trainer's, and what the way back needs. */
export const QuestionRecord = z.object({
  id: z.string(),
  file_name: z.string(),
  asked: z.array(z.object({ kind: ExpressionKind, text: z.string() })),
})
export type QuestionRecord = z.infer<typeof QuestionRecord>

export function questionLine(
  paths: DataPaths,
  { image, expressions }: ImageQuestions,
  language: PromptLanguage,
): string {
  const { id, fileName, sha256, width, height } = image
  const record = {
    ...({ id, file_name: fileName, asked: expressions } satisfies QuestionRecord),
    ...{ image: path.relative(paths.blobs, blobPath(paths, sha256)), width, height },
    conversations: expressions.flatMap(({ text }, place) => [
      { from: 'human', value: `${place === 0 ? IMAGE_PREFIX : ''}${referringQuestion(text, language)}` },
      // The form asks for an answer; nobody reads it when a model is only asked.
      { from: 'gpt', value: negativeAnswer(text, language) },
    ]),
  }
  return `${JSON.stringify(record)}\n`
}
