import { z } from 'zod'
import { ExpressionText } from '../../contracts/annotation.ts'
import type { ConversationTurn } from '../../contracts/conversation.ts'
import { denormaliseBox, type Size } from '../../grounding/coordinates.ts'
import { safeImagePath } from '../image-path.ts'
import { type GroundedItem, type Item, type RawRecord, THOUSANDTHS } from '../item.ts'
import type { Findings, Place } from '../problems.ts'
import { readTurns } from './read-turns.ts'

/** As loosely as files in the wild are written; the strict shape is ConversationRecord. */
const LooseRecord = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  image: z.union([z.string(), z.array(z.string())]).nullish(),
  width: z.number().int().positive().nullish(),
  height: z.number().int().positive().nullish(),
  conversations: z
    .array(
      z.looseObject({
        from: z.enum(['system', 'human', 'gpt']),
        value: z.string().optional(),
        text: z.string().optional(),
      }),
    )
    .min(1),
})
type LooseRecord = z.infer<typeof LooseRecord>

export interface ReadOptions {
  /** Name of the file in messages. */
  file: string
  root: string
  allowAbsolute: boolean
}

/** One record of an annotation file. @returns null when something is wrong with it (it is in `findings`) */
export function readRecord(
  value: unknown,
  line: number,
  { file, root, allowAbsolute }: ReadOptions,
  findings: Findings,
): Item | null {
  const place = (field: string): Place => ({ file, line, field })
  const parsed = LooseRecord.safeParse(value)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) findings.problem(place(fieldName(issue.path)), issue.message)
    return null
  }
  const turns = readValues(parsed.data, place, findings)
  if (!turns) return null
  const { image } = parsed.data
  const images = image === null || image === undefined || image === '' ? [] : [image].flat()
  const safe = images.map((written) => safeImagePath(written, root, allowAbsolute))
  const refused = safe.find((result) => !result.ok)
  if (refused && !refused.ok) {
    findings.problem(place('image'), refused.message)
    return null
  }
  const paths = safe.flatMap((result) => (result.ok ? [result.path] : []))
  const record = orderedRecord(parsed.data, typeof image === 'string' ? paths[0] : paths, turns)
  const [only] = paths
  if (typeof image !== 'string' || only === undefined) return { kind: 'conversation', record }
  return groundedItem(record, only, turns, place, findings)
}

/** `value` of every turn; the published description says `text`, the loader reads only `value`. */
function readValues(
  record: LooseRecord,
  place: (field: string) => Place,
  findings: Findings,
): ConversationTurn[] | null {
  const turns: ConversationTurn[] = []
  for (const [index, { from, value, text }] of record.conversations.entries()) {
    const words = value ?? text
    if (words === undefined) {
      findings.problem(
        place(`conversations[${index}].value`),
        'the turn has no value. Give it one, or delete the turn.',
      )
      return null
    }
    if (value === undefined) {
      findings.notice(
        'text-read-as-value',
        '{} turns had `text` where the loader reads `value`; they are written as `value`.',
      )
    }
    turns.push({ from, value: words })
  }
  return turns
}

/** Keys in the order of the published records; keys that are not ours follow as they came. */
function orderedRecord(
  { id, image: _, width, height, conversations: __, ...rest }: LooseRecord,
  image: string | string[] | undefined,
  conversations: ConversationTurn[],
): RawRecord {
  return {
    ...(id === undefined ? {} : { id }),
    ...(image === undefined || image.length === 0 ? {} : { image }),
    ...(typeof width === 'number' ? { width } : {}),
    ...(typeof height === 'number' ? { height } : {}),
    conversations,
    ...rest,
  }
}

function groundedItem(
  record: RawRecord,
  image: string,
  turns: ConversationTurn[],
  place: (field: string) => Place,
  findings: Findings,
): Item | null {
  const read = readTurns(turns)
  if (read.kind === 'conversation') return { kind: 'conversation', record }
  if (read.kind === 'broken') {
    for (const { turn, message } of read.problems)
      findings.problem(place(`conversations[${turn}].value`), message)
    return null
  }
  const { style, fence, expressions } = read.turns
  const size = sizeOf(record)
  const item: GroundedItem = {
    kind: 'grounded',
    id: record.id ?? null,
    image,
    size,
    expressions: [],
    source: { record, style, fence },
  }
  for (const { text, boxes } of expressions) {
    const checked = ExpressionText.safeParse(text)
    if (!checked.success || checked.data !== text) {
      findings.problem(place('conversations'), expressionMessage(text))
      return null
    }
    item.expressions.push({
      kind: style === 'detection' ? 'class' : 'phrase',
      text,
      boxes: boxes.map((box) => denormaliseBox(box, size ?? THOUSANDTHS)),
    })
  }
  return item
}

function sizeOf({ width, height }: RawRecord): Size | null {
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : null
}

/** Why a text cannot stand between `<ref>` and `</ref>`. */
export function expressionMessage(text: string): string {
  const shown = JSON.stringify(text)
  const bracket = text.search(/[<>]/)
  if (text.trim() === '') return 'an expression is empty. Give it a name or a phrase.'
  if (bracket >= 0) {
    return `the expression ${shown} has "${text[bracket]}" at character ${bracket + 1}, which would break the training text. Write it without.`
  }
  const control = text.search(/[\p{Cc}\u2028\u2029]/u)
  if (control >= 0) {
    return `the expression ${shown} has a line break or control character at character ${control + 1}. Write it on one line.`
  }
  if (text !== text.trim()) return `the expression ${shown} begins or ends with a space. Remove it.`
  return `the expression ${shown} is longer than 500 characters. Shorten it.`
}

export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  )
}
