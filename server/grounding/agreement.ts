import type { AnnotationDocument } from '../contracts/annotation.ts'
import type { Corners } from './coordinates.ts'
import { groundedExpressions } from './document.ts'
import { greedyMatch, IOU_THRESHOLD } from './match.ts'

/**
 * How far two people agree who annotated the same pictures without seeing each other's boxes.
 *
 * Matching: on each image and for each expression (same text, whatever the case and the spaces around it)
 * their boxes are paired one to one, the pair with the largest IoU first, from IoU 0.5 on: `greedyMatch`, the
 * same rule by which a model is scored here.
 *
 * Measure: positive specific agreement, 2·pairs / (boxes of one + boxes of the other). It is the F1 score of
 * either person against the other, and what is left of Cohen's kappa when the number of things that both
 * rightly left alone cannot be counted, as with boxes (Hripcsak and Rothschild, "Agreement, the F-measure, and
 * reliability in information retrieval", JAMIA 12(3), 2005). It does not say who is right. How tightly the
 * pairs lie is told apart, as their mean IoU.
 *
 * What both named and neither boxed (two equal negatives) counts for nothing here.
 */
export interface LabelAgreement {
  text: string
  /** Boxes of the first and of the second person. */
  first: number
  second: number
  pairs: number
  /** 0..1 */
  agreement: number
  /** Null without a pair. */
  meanIou: number | null
}

/** The same place with different words: an IoU pair among what is left once equal words are paired. */
export interface Confusion {
  first: string
  second: string
  pairs: number
}

export interface Agreement {
  /** By number of boxes, most first. */
  labels: LabelAgreement[]
  total: Omit<LabelAgreement, 'text'>
  confusions: Confusion[]
  /** Of each image in the given order; null where neither drew a box. */
  images: (number | null)[]
}

export interface DocumentPair {
  first: AnnotationDocument
  second: AnnotationDocument
}

interface Tally {
  text: string
  first: number
  second: number
  ious: number[]
}

export function measureAgreement(pairs: readonly DocumentPair[], threshold = IOU_THRESHOLD): Agreement {
  const labels = new Map<string, Tally>()
  const confusions = new Map<string, Confusion>()
  const images = pairs.map(({ first, second }) => {
    const [ours, theirs] = [boxesByText(first), boxesByText(second)]
    const image: Tally = { text: '', first: 0, second: 0, ious: [] }
    const left: [Named[], Named[]] = [[], []]
    for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
      const [mine, yours] = [ours.get(key)?.boxes ?? [], theirs.get(key)?.boxes ?? []]
      if (mine.length + yours.length === 0) continue
      const text = ours.get(key)?.text ?? theirs.get(key)?.text ?? key
      const matches = greedyMatch(mine, yours, threshold)
      const label = labels.get(key) ?? { text, first: 0, second: 0, ious: [] }
      labels.set(key, label)
      for (const tally of [label, image]) {
        tally.first += mine.length
        tally.second += yours.length
        tally.ious.push(...matches.map((match) => match.iou))
      }
      const pairedMine = new Set(matches.map((match) => match.predicted))
      const pairedYours = new Set(matches.map((match) => match.truth))
      left[0].push(...mine.flatMap((box, place) => (pairedMine.has(place) ? [] : { text, box })))
      left[1].push(...yours.flatMap((box, place) => (pairedYours.has(place) ? [] : { text, box })))
    }
    countConfusions(confusions, left, threshold)
    return image.first + image.second === 0 ? null : summary(image).agreement
  })
  const tallies = [...labels.values()].sort(
    (a, b) => b.first + b.second - a.first - a.second || (a.text < b.text ? -1 : 1),
  )
  const whole: Tally = {
    text: '',
    first: tallies.reduce((sum, tally) => sum + tally.first, 0),
    second: tallies.reduce((sum, tally) => sum + tally.second, 0),
    ious: tallies.flatMap((tally) => tally.ious),
  }
  return {
    labels: tallies.map((tally) => ({ text: tally.text, ...summary(tally) })),
    total: summary(whole),
    confusions: [...confusions.values()].sort((a, b) => b.pairs - a.pairs),
    images,
  }
}

interface Named {
  text: string
  box: Corners
}

function boxesByText(document: AnnotationDocument): Map<string, { text: string; boxes: Corners[] }> {
  const found = new Map<string, { text: string; boxes: Corners[] }>()
  for (const { text, boxes } of groundedExpressions(document)) {
    const key = text.trim().toLowerCase()
    const known = found.get(key)
    if (known) known.boxes.push(...boxes)
    else found.set(key, { text, boxes: [...boxes] })
  }
  return found
}

function countConfusions(
  confusions: Map<string, Confusion>,
  [first, second]: [Named[], Named[]],
  threshold: number,
): void {
  const matches = greedyMatch(
    first.map(({ box }) => box),
    second.map(({ box }) => box),
    threshold,
  )
  for (const match of matches) {
    const [mine, yours] = [first[match.predicted]?.text ?? '', second[match.truth]?.text ?? '']
    const key = JSON.stringify([mine, yours])
    const known = confusions.get(key)
    if (known) known.pairs += 1
    else confusions.set(key, { first: mine, second: yours, pairs: 1 })
  }
}

function summary({ first, second, ious }: Tally): Omit<LabelAgreement, 'text'> {
  const pairs = ious.length
  const boxes = first + second
  return {
    first,
    second,
    pairs,
    agreement: boxes === 0 ? 1 : (2 * pairs) / boxes,
    meanIou: pairs === 0 ? null : ious.reduce((sum, iou) => sum + iou, 0) / pairs,
  }
}
