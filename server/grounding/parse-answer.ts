import type { NormalisedBox } from '../contracts/prediction.ts'
import { NORMALISED_MAX, roundHalfEven } from './coordinates.ts'
import { ANSWER_TOKEN, type AnswerToken, scanAnswer } from './scan-answer.ts'

/** Why a piece of an answer is not, or not quite, a box. The first four cost the box, the others keep it. */
export type AnswerProblem =
  /** A list of numbers that are not four. */
  | 'coordinateCount'
  /** A coordinate below 0 or above 1000. */
  | 'outOfRange'
  /** x1 ≥ x2 or y1 ≥ y2. */
  | 'notABox'
  /** The answer ends inside a list: generation was cut off. */
  | 'unclosed'
  /** `<box>` without any list in it. */
  | 'emptyBox'
  /** Numbers between 0 and 1 were read as shares of the axis. */
  | 'unitScale'
  /** A fraction was rounded to the nearest integer, ties to even. */
  | 'notInteger'

export interface AnswerGroup {
  /** The text the boxes belong to, as the model wrote it, trimmed; null = it named none. */
  label: string | null
  boxes: NormalisedBox[]
}

export interface TextSpan {
  start: number
  end: number
}

export interface ParsedAnswer {
  /** In order of appearance; an answer without boxes ("There is no …") has none. */
  groups: AnswerGroup[]
  /** All boxes in order of appearance. */
  boxes: NormalisedBox[]
  /** Where each of `boxes` is written, brackets included: from `start` up to before `end`. */
  spans: TextSpan[]
  problems: { code: AnswerProblem; text: string }[]
  /** Every box stood in the tagged form of the training data, with integers, and nothing was wrong. */
  strict: boolean
}

/**
 * Reads the boxes out of whatever a model answered: `<ref>…</ref><box>[[..]]</box>`, the same with
 * spaces inside the tags, with the tags stripped by the tokenizer (`name[[..]]`), inside a code fence,
 * or as JSON with `bbox_2d`. Time is linear in the length of the text; nothing is evaluated.
 */
export function parseAnswer(text: string): ParsedAnswer {
  const reader = new AnswerReader()
  for (const token of scanAnswer(text)) reader.take(token)
  return reader.finish()
}

/** An answer that should have carried boxes and carries none that can be used. */
export function isUnreadable(answer: ParsedAnswer): boolean {
  return answer.boxes.length === 0 && answer.problems.length > 0
}

class AnswerReader {
  private readonly groups: AnswerGroup[] = []
  private readonly spans: TextSpan[] = []
  private readonly problems: ParsedAnswer['problems'] = []
  private label: string | null = null
  /** The label stood between `<ref>` and `</ref>`. */
  private tagged = false
  private group: AnswerGroup | null = null
  private inRef = false
  private inBox = false
  private listsInBox = 0
  private strict = true

  take(token: AnswerToken): void {
    switch (token.kind) {
      case ANSWER_TOKEN.text:
        this.takeText(token.text)
        break
      case ANSWER_TOKEN.tag:
        this.takeTag(token.name, token.closing, token.exact)
        break
      case ANSWER_TOKEN.list:
        this.takeList(token.numbers, token.text, token.at)
        break
      case ANSWER_TOKEN.label:
        // In JSON the label may stand before or after its box; after a box it names the one just read.
        if (this.group && this.group.label === null) this.group.label = token.text
        else this.nameNext(token.text, false)
        break
      case ANSWER_TOKEN.object:
        this.nameNext(null, false)
        break
      case ANSWER_TOKEN.unclosed:
        this.report('unclosed', token.text)
        this.inBox = false
        break
    }
  }

  finish(): ParsedAnswer {
    if (this.inRef) this.report('unclosed', '<ref>')
    if (this.inBox) this.report(this.listsInBox === 0 ? 'emptyBox' : 'unclosed', '<box>')
    const groups = this.groups.filter((group) => group.boxes.length > 0)
    const boxes = groups.flatMap((group) => group.boxes)
    const strict = this.strict && this.problems.length === 0
    return { groups, boxes, spans: this.spans, problems: this.problems, strict }
  }

  private takeText(text: string): void {
    if (this.inRef) {
      this.nameNext(text.trim() || null, true)
      return
    }
    if (this.inBox) return
    // Outside of tags only the last line can be a name: what stands above it is a sentence.
    const lastLine = text.slice(text.lastIndexOf('\n') + 1)
    const label = tidyLabel(lastLine)
    if (label !== null) this.nameNext(label, false)
    else if (text.includes('\n')) this.nameNext(null, false)
  }

  private takeTag(name: 'ref' | 'box', closing: boolean, exact: boolean): void {
    if (!exact) this.strict = false
    if (name === 'ref') {
      this.inRef = !closing
      if (!closing) this.nameNext(null, false)
      return
    }
    this.inRef = false
    if (closing && this.inBox && this.listsInBox === 0) this.report('emptyBox', '<box></box>')
    this.inBox = !closing
    this.listsInBox = 0
    if (closing) this.nameNext(null, false)
  }

  private takeList(numbers: readonly string[], text: string, at: number): void {
    this.listsInBox += 1
    if (!this.inBox || !this.tagged) this.strict = false
    const [x1, y1, x2, y2, ...rest] = numbers.map(Number)
    if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined || rest.length > 0) {
      this.report('coordinateCount', text)
      return
    }
    const corners = this.toIntegers([x1, y1, x2, y2], numbers, text)
    if (corners.some((value) => value < 0 || value > NORMALISED_MAX)) this.report('outOfRange', text)
    else if (corners[0] >= corners[2] || corners[1] >= corners[3]) this.report('notABox', text)
    else this.add(corners, { start: at, end: at + text.length })
  }

  private toIntegers(corners: NormalisedBox, written: readonly string[], text: string): NormalisedBox {
    if (written.every((number) => !number.includes('.'))) return corners
    const unit = corners.every((value) => value >= 0 && value <= 1)
    this.report(unit ? 'unitScale' : 'notInteger', text)
    const scale = unit ? NORMALISED_MAX : 1
    const [x1, y1, x2, y2] = corners
    return [
      roundHalfEven(x1 * scale),
      roundHalfEven(y1 * scale),
      roundHalfEven(x2 * scale),
      roundHalfEven(y2 * scale),
    ]
  }

  private add(box: NormalisedBox, span: TextSpan): void {
    if (!this.group) {
      this.group = { label: this.label, boxes: [] }
      this.groups.push(this.group)
    }
    this.group.boxes.push(box)
    this.spans.push(span)
  }

  private nameNext(label: string | null, tagged: boolean): void {
    this.label = label
    this.tagged = tagged
    this.group = null
  }

  private report(code: AnswerProblem, text: string): void {
    this.problems.push({ code, text })
  }
}

/** Without the spaces, separators and fence marks that stand between a list and a name. */
function tidyLabel(text: string): string | null {
  let from = 0
  let to = text.length
  while (from < to && BEFORE_NAME.has(text[from] as string)) from += 1
  while (to > from && AFTER_NAME.has(text[to - 1] as string)) to -= 1
  return from === to ? null : text.slice(from, to)
}

const BEFORE_NAME = new Set(' \t\r\n,;]`')
const AFTER_NAME = new Set(' \t\r\n:=[`')
