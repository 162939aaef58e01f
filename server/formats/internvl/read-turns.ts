import type { ConversationTurn } from '../../contracts/conversation.ts'
import type { NormalisedBox } from '../../contracts/prediction.ts'
import type { ConversationStyle } from '../../contracts/version.ts'

/** What the turns of a record ask and answer, with boxes as they are written: 0..1000. */
export interface ReadTurns {
  style: ConversationStyle
  fence: boolean
  expressions: { text: string; boxes: NormalisedBox[] }[]
}

export interface TurnProblem {
  /** Which turn, counted from 0. */
  turn: number
  message: string
}

export type TurnsResult =
  | { kind: 'grounded'; turns: ReadTurns }
  /** Free talk, or a form that is not ours: nothing is wrong with it, it is kept word for word. */
  | { kind: 'conversation' }
  | { kind: 'broken'; problems: TurnProblem[] }

const GROUP = /<ref>([\s\S]*?)<\/ref>\s*<box>([\s\S]*?)<\/box>/g
const REF = /<ref>([\s\S]*?)<\/ref>/
const FENCE = '```'

/**
 * Reads the questions and answers of one record. A record counts as grounding when every answer is made
 * of `<ref>…</ref><box>…</box>` groups, or denies the one expression that its question names.
 */
export function readTurns(turns: readonly ConversationTurn[]): TurnsResult {
  const problems: TurnProblem[] = []
  const expressions: ReadTurns['expressions'] = []
  let style: ConversationStyle = 'referring'
  let fence = false
  const speakers = turns.map(({ from }) => from).join(' ')
  if (!/^human gpt( human gpt)*$/.test(speakers)) return { kind: 'conversation' }
  for (let at = 0; at < turns.length; at += 2) {
    const question = turns[at]?.value ?? ''
    const answer = turns[at + 1]?.value ?? ''
    const asked = REF.exec(question)?.[1]
    if (!answer.includes('<box>')) {
      const denied = REF.exec(answer)?.[1]
      if (asked === undefined || denied !== asked) return { kind: 'conversation' }
      expressions.push({ text: asked, boxes: [] })
      continue
    }
    const groups = [...answer.matchAll(GROUP)]
    const between = answer.replace(GROUP, '')
    // A tag that belongs to no group means a broken answer, not free talk.
    if (groups.length === 0 || /<\/?(ref|box)>/.test(between)) {
      problems.push({ turn: at + 1, message: 'a <ref> or <box> is not closed, or stands without the other.' })
      continue
    }
    const sentence = between.replaceAll(FENCE, '').trim()
    if (asked === undefined) style = 'detection'
    else if (sentence !== '') return { kind: 'conversation' }
    fence ||= between.includes(FENCE)
    for (const [, text = '', list = ''] of groups) {
      const boxes = readBoxList(list)
      if (typeof boxes === 'string') problems.push({ turn: at + 1, message: `<ref>${text}</ref>: ${boxes}` })
      else expressions.push({ text, boxes })
    }
  }
  if (problems.length > 0) return { kind: 'broken', problems }
  return { kind: 'grounded', turns: { style, fence, expressions } }
}

/** @returns the boxes, or what is wrong with the list */
function readBoxList(text: string): NormalisedBox[] | string {
  const list = parseList(text)
  if (!list) return `${text} is no list of boxes. Write [[x1, y1, x2, y2], …].`
  const boxes: NormalisedBox[] = []
  for (const box of list) {
    const written = `[${box.join(', ')}]`
    const [x1, y1, x2, y2] = box
    if (box.length !== 4 || x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) {
      return `${written} has ${box.length} numbers, a box has four.`
    }
    if (box.some((value) => !Number.isInteger(value))) {
      return box.every((value) => value >= 0 && value <= 1)
        ? `${written} is on a scale of 0..1, InternVL reads 0..1000. Multiply by 1000 and round.`
        : `${written} is not made of whole numbers. Coordinates are integers 0..1000.`
    }
    if (box.some((value) => value < 0 || value > 1000)) {
      return `${written} lies outside 0..1000; these look like pixels. Divide by the picture's size and multiply by 1000.`
    }
    if (x1 >= x2 || y1 >= y2) return `${written} is inverted or empty: x1 < x2 and y1 < y2 must hold.`
    boxes.push([x1, y1, x2, y2])
  }
  return boxes
}

function parseList(text: string): number[][] | null {
  try {
    const list: unknown = JSON.parse(text)
    const isBox = (box: unknown): box is number[] =>
      Array.isArray(box) && box.every((value) => typeof value === 'number')
    if (!Array.isArray(list) || list.length === 0) return null
    if (list.every(isBox)) return list
    // Written without the outer brackets by some older data.
    return isBox(list) ? [list] : null
  } catch {
    return null
  }
}
