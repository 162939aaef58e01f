import type { ConversationRecord, ConversationTurn } from '../contracts/conversation.ts'
import type { NormalisedBox } from '../contracts/prediction.ts'
import type { ConversationOptions } from '../contracts/version.ts'
import { type BoxProblem, type Corners, normaliseBox, type Size } from './coordinates.ts'
import { IMAGE_PREFIX, negativeAnswer, PROMPTS, referringQuestion } from './prompts.ts'

/** A piece of a turn and the expression it speaks of (index in the input), so that a page can mark it. */
export interface TurnPart {
  text: string
  expression: number | null
}

export interface RenderedTurn {
  from: 'human' | 'gpt'
  parts: TurnPart[]
}

/** Something of the input that is not in the text; every one of them is reported to a person. */
export type RenderProblem =
  | { kind: 'box'; expression: number; box: number; problem: BoxProblem }
  /** The box sticks out of the image and was cut at its border. */
  | { kind: 'clamped'; expression: number; box: number }
  /** It has boxes, none of which can be written; it is not turned into a negative. */
  | { kind: 'expression'; expression: number }

export interface RenderedConversation {
  /** Empty when there is nothing to ask about. */
  turns: RenderedTurn[]
  problems: RenderProblem[]
  /** Indices of negatives that the options leave out. */
  skippedNegatives: number[]
}

interface Groundable {
  text: string
  boxes: readonly Corners[]
}

/**
 * The turns of one image.
 * - `referring`: one question and answer per expression, in the order given.
 * - `detection`: one question; the answer has one line per expression with boxes, in the order given.
 *   A list of what is there cannot say what is not, so negatives follow as referring questions.
 */
export function renderConversation(
  expressions: readonly Groundable[],
  size: Size,
  options: ConversationOptions,
): RenderedConversation {
  const problems: RenderProblem[] = []
  const skippedNegatives: number[] = []
  const present: { index: number; answer: string }[] = []
  const rounds: { index: number; answer: string }[] = []

  for (const [index, { text, boxes }] of expressions.entries()) {
    if (boxes.length === 0) {
      if (!options.negatives) skippedNegatives.push(index)
      else rounds.push({ index, answer: negativeAnswer(text, options.language, options.negativeAnswer) })
      continue
    }
    const written = writableBoxes(boxes, index, size, problems)
    if (written.length === 0) {
      problems.push({ kind: 'expression', expression: index })
      continue
    }
    const answer = `<ref>${text}</ref><box>${boxListText(written)}</box>`
    ;(options.style === 'detection' ? present : rounds).push({ index, answer })
  }

  const turns: RenderedTurn[] = []
  if (present.length > 0) turns.push(...detectionTurns(present, options))
  for (const { index, answer } of rounds) {
    const question = referringQuestion(expressions[index]?.text ?? '', options.language)
    turns.push(
      { from: 'human', parts: [{ text: question, expression: index }] },
      { from: 'gpt', parts: [{ text: answer, expression: index }] },
    )
  }
  turns[0]?.parts.unshift({ text: IMAGE_PREFIX, expression: null })
  return { turns, problems, skippedNegatives }
}

function detectionTurns(
  lines: readonly { index: number; answer: string }[],
  options: ConversationOptions,
): RenderedTurn[] {
  const { detection, detectionAnswer } = PROMPTS[options.language]
  const answer: TurnPart[] = [
    { text: `${detectionAnswer}\n\n${options.fence ? '```\n' : ''}`, expression: null },
  ]
  for (const [place, line] of lines.entries()) {
    if (place > 0) answer.push({ text: '\n', expression: null })
    answer.push({ text: line.answer, expression: line.index })
  }
  if (options.fence) answer.push({ text: '\n```\n', expression: null })
  return [
    { from: 'human', parts: [{ text: detection, expression: null }] },
    { from: 'gpt', parts: answer },
  ]
}

function writableBoxes(
  boxes: readonly Corners[],
  expression: number,
  size: Size,
  problems: RenderProblem[],
): NormalisedBox[] {
  const written: NormalisedBox[] = []
  for (const [box, corners] of boxes.entries()) {
    const result = normaliseBox(corners, size)
    if (!result.ok) {
      problems.push({ kind: 'box', expression, box, problem: result.problem })
      continue
    }
    if (result.clamped) problems.push({ kind: 'clamped', expression, box })
    written.push(result.box)
  }
  return written
}

/** `[[x1, y1, x2, y2], [..]]`, comma and space, as Python's `json.dumps` writes a list of lists. */
export function boxListText(boxes: readonly NormalisedBox[]): string {
  return `[${boxes.map((box) => `[${box.join(', ')}]`).join(', ')}]`
}

/** The turns as export writes them. */
export function conversationTurns(rendered: RenderedConversation): ConversationTurn[] {
  return rendered.turns.map(({ from, parts }) => ({ from, value: parts.map((part) => part.text).join('') }))
}

/** One line of the annotation file; key order is the order of the published records. */
export function conversationRecord(
  image: { id: number | string; image: string } & Size,
  rendered: RenderedConversation,
): ConversationRecord {
  return {
    id: image.id,
    image: image.image,
    width: image.width,
    height: image.height,
    conversations: conversationTurns(rendered),
  }
}
