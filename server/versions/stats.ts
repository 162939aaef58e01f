import type { VersionRecord, VersionStats } from '../contracts/version.ts'

/** Counts a version's content while it passes by. */
export function countStats(leftOut: number, skippedNegatives: number) {
  const stats: VersionStats = {
    images: { train: 0, val: 0, test: 0 },
    expressions: 0,
    boxes: 0,
    negatives: 0,
    skippedNegatives,
    conversations: 0,
    leftOut,
    labels: [],
  }
  const labels = new Map<string, { boxes: number; images: Set<number> }>()
  let images = 0
  return {
    add(record: VersionRecord): void {
      if (record.kind === 'conversation') {
        stats.conversations += 1
        return
      }
      images += 1
      stats.images[record.split] += 1
      for (const { kind, text, boxes } of record.expressions) {
        stats.expressions += 1
        stats.boxes += boxes.length
        if (boxes.length === 0) stats.negatives += 1
        if (kind !== 'class') continue
        const label = labels.get(text) ?? { boxes: 0, images: new Set() }
        label.boxes += boxes.length
        label.images.add(images)
        labels.set(text, label)
      }
    },
    finish(): VersionStats {
      return {
        ...stats,
        labels: [...labels]
          .map(([text, label]) => ({ text, boxes: label.boxes, images: label.images.size }))
          .sort(byBoxes),
      }
    },
  }
}

/** Most boxes first; names decide ties, so that two counts of the same things are equal. */
export function byBoxes(a: { text: string; boxes: number }, b: { text: string; boxes: number }): number {
  return b.boxes - a.boxes || (a.text < b.text ? -1 : 1)
}
