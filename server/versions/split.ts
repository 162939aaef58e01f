import { createHash } from 'node:crypto'
import type { Split } from '../contracts/image.ts'
import type { VersionOptions } from '../contracts/version.ts'

/** Something that must be on one side of the split; `key` is the hash of its content. */
export interface Splittable {
  key: string
  /** Chosen by a person; null = the rule decides. */
  split: string | null
}

/**
 * The split of each item. What has none of its own goes by a seeded hash of its content, so that the
 * same picture stays on its side when images come or go, and in every project.
 *
 * When the hash sends everything to one side although a share was asked for, the one item nearest to the
 * border changes sides: a handful of images must still give something to train on and to measure with.
 */
export function decideSplits(
  items: readonly Splittable[],
  { validationShare, seed }: Pick<VersionOptions, 'validationShare' | 'seed'>,
): Split[] {
  const splits = items.map(({ key, split }): Split => {
    if (split === 'train' || split === 'val' || split === 'test') return split
    return hashShare(seed, key) < validationShare ? 'val' : 'train'
  })
  const free = items
    .map(({ key, split }, index) => ({ index, isFree: split === null, share: hashShare(seed, key) }))
    .filter(({ isFree }) => isFree)
    .sort((a, b) => a.share - b.share)
  const [lowest] = free
  const highest = free.at(-1)
  if (validationShare > 0 && free.length > 1 && lowest && highest) {
    if (!splits.includes('val')) splits[lowest.index] = 'val'
    else if (!splits.includes('train')) splits[highest.index] = 'train'
  }
  return splits
}

/** A number in [0, 1) that looks random but belongs to the content. */
function hashShare(seed: number, key: string): number {
  return createHash('sha256').update(`${seed}:${key}`).digest().readUIntBE(0, 6) / 2 ** 48
}
