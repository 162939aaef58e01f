import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { ExpressionKind } from '../contracts/annotation.ts'
import type { PreviewReplace, TextSearch } from '../contracts/bulk-edit.ts'
import { ImageFilter } from '../contracts/image.ts'
import type { Database } from '../db/client.ts'
import { tallyExpressions } from '../images/expression-tally.ts'
import { matching } from '../images/image-filter.ts'
import { replaceTexts, type TextProblem } from './replace-texts.ts'

/** Lines that a page is given; beyond them there are only the totals. */
export const LINES_SHOWN = 1_000
const SAMPLES = 3

/** One text that becomes another one. */
export interface ReplaceLine {
  kind: ExpressionKind
  from: string
  to: string
  images: number
  boxes: number
  samples: { imageId: string; fileName: string }[]
  /** Such a line is never applied. */
  problem: TextProblem | null
  /** Images on which it becomes part of another expression. */
  merges: number
  /** A class of the project has the new text already. */
  isLabel: boolean
}

export interface ReplacePreview {
  lines: ReplaceLine[]
  /** Of all lines that are to be applied, also those that are not shown: distinct images, and boxes line by line. */
  totals: { lines: number; images: number; boxes: number }
  /** Lines with a problem. */
  refused: number
}

interface Row {
  id: string
  imageId: string
  position: number
  fileName: string
  kind: ExpressionKind
  text: string
  boxes: number
}

/**
 * What a replacement would do, worked out from all expressions of the images that match.
 * @throws StudioError BAD_REQUEST as `replaceTexts` does
 */
export async function previewReplace(
  db: Database,
  viewerId: string,
  { projectId, search, without }: z.infer<typeof PreviewReplace>,
): Promise<ReplacePreview> {
  const { lines, refused } = await replaceLines(db, viewerId, projectId, search)
  const totals = totalsOf(wantedLines(lines, without))
  return {
    lines: lines.slice(0, LINES_SHOWN).map(({ rows: _, ...line }) => line),
    totals,
    refused,
  }
}

export interface FullLine extends ReplaceLine {
  rows: readonly Row[]
}

/** Every line, the most frequent first, those with a problem at the end. */
export async function replaceLines(
  db: Database,
  viewerId: string,
  projectId: string,
  search: TextSearch,
): Promise<{ lines: FullLine[]; refused: number }> {
  const distinct = await distinctTexts(db, viewerId, projectId, search)
  const wanted = distinct.filter(({ kind }) => search.kind === 'both' || search.kind === kind)
  const replaced = replaceTexts(wanted, search)
  if (replaced.length === 0) return { lines: [], refused: 0 }
  const targets = new Map(
    replaced.filter(({ problem }) => problem === null).map(({ item, to }) => [keyOf(item), to]),
  )
  const texts = [...new Set(replaced.flatMap(({ item, to }) => [item.text, to]))]
  const rows = await rowsOf(db, viewerId, projectId, search, texts)
  const byText = new Map<string, Row[]>()
  const onImage = new Map<string, number>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = byText.get(key)
    if (group) group.push(row)
    else byText.set(key, [row])
    const end = `${row.imageId} ${targets.get(key) ?? row.text}`
    onImage.set(end, (onImage.get(end) ?? 0) + 1)
  }
  const labels = new Set(
    (await db.label.findMany({ where: { projectId }, select: { name: true } })).map(({ name }) => name),
  )
  const lines = replaced.map(({ item: { kind, text: from }, to, problem }): FullLine => {
    const own = byText.get(keyOf({ kind, text: from })) ?? []
    return {
      ...{ kind, from, to, problem, rows: own },
      images: own.length,
      boxes: own.reduce((sum, { boxes }) => sum + boxes, 0),
      samples: own.slice(0, SAMPLES).map(({ imageId, fileName }) => ({ imageId, fileName })),
      merges: problem ? 0 : own.filter(({ imageId }) => (onImage.get(`${imageId} ${to}`) ?? 0) > 1).length,
      isLabel: labels.has(to),
    }
  })
  lines.sort(
    (a, b) =>
      Number(a.problem !== null) - Number(b.problem !== null) ||
      b.images - a.images ||
      (a.from < b.from ? -1 : 1),
  )
  return { lines, refused: lines.filter(({ problem }) => problem !== null).length }
}

/** Whether no image is left out. */
export function isEverything(filter: TextSearch['filter']): boolean {
  return isDeepStrictEqual({ ...filter }, { ...ImageFilter.parse({}) })
}

/** Over the whole project they are counted already, which matters while somebody types what to find. */
async function distinctTexts(
  db: Database,
  viewerId: string,
  projectId: string,
  { filter }: TextSearch,
): Promise<{ kind: ExpressionKind; text: string }[]> {
  if (isEverything(filter)) return tallyExpressions(db, projectId)
  return db.$queryRaw<{ kind: ExpressionKind; text: string }[]>`
    SELECT DISTINCT e."kind", e."text" FROM "Expression" e JOIN "Image" i ON i."id" = e."imageId"
    WHERE ${matching(projectId, filter, viewerId)}`
}

/** Those that can be applied and are. */
export function wantedLines(
  lines: readonly FullLine[],
  without: readonly { kind: string; from: string }[],
): FullLine[] {
  const unwanted = new Set(without.map(({ kind, from }) => keyOf({ kind, text: from })))
  return lines.filter(
    ({ kind, from, problem }) => problem === null && !unwanted.has(keyOf({ kind, text: from })),
  )
}

export function totalsOf(sound: readonly FullLine[]): ReplacePreview['totals'] {
  return {
    lines: sound.length,
    images: new Set(sound.flatMap(({ rows }) => rows.map(({ imageId }) => imageId))).size,
    boxes: sound.reduce((sum, { boxes }) => sum + boxes, 0),
  }
}

async function rowsOf(
  db: Database,
  viewerId: string,
  projectId: string,
  search: TextSearch,
  texts: readonly string[],
): Promise<Row[]> {
  const rows = await db.$queryRaw<(Omit<Row, 'boxes' | 'position'> & { boxes: bigint; position: bigint })[]>`
    SELECT e."id", e."imageId", i."position", i."fileName", e."kind", e."text",
      (SELECT count(*) FROM "ExpressionBox" a WHERE a."expressionId" = e."id") AS boxes
    FROM "Expression" e JOIN "Image" i ON i."id" = e."imageId"
    WHERE ${matching(projectId, search.filter, viewerId)}
      AND e."text" IN (SELECT "value" FROM json_each(${JSON.stringify(texts)}))
    ORDER BY i."position"`
  return rows.map((row) => ({ ...row, boxes: Number(row.boxes), position: Number(row.position) }))
}

export function keyOf({ kind, text }: { kind: string; text: string }): string {
  return `${kind} ${text}`
}
