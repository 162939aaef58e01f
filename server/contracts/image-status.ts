import { ImageStatus } from './image.ts'

/** What a move asks of the person: having done the work, or judging it. */
export type StatusRight = 'annotations.write' | 'annotations.review'

const WORK = 'annotations.write'
const VERDICT = 'annotations.review'

/**
 * The one table of moves that a person may make, and what each asks for. `new` cannot be reached: it means
 * that nobody has begun. Only a verdict leads to `accepted` or `returned`, and only a verdict away from
 * `accepted`: an annotator must not take back what a reviewer has said.
 */
const MOVES: Record<ImageStatus, Partial<Record<ImageStatus, StatusRight>>> = {
  new: { in_work: WORK, done: WORK, accepted: VERDICT },
  in_work: { done: WORK, accepted: VERDICT, returned: VERDICT },
  done: { in_work: WORK, accepted: VERDICT, returned: VERDICT },
  accepted: { done: VERDICT, in_work: VERDICT, returned: VERDICT },
  returned: { in_work: WORK, done: WORK, accepted: VERDICT },
}

/** What a person needs to be allowed to for this move; null = nobody makes it. */
export function rightFor(from: ImageStatus, to: ImageStatus): StatusRight | null {
  return MOVES[from][to] ?? null
}

export function mayMove(from: ImageStatus, to: ImageStatus, may: (right: StatusRight) => boolean): boolean {
  const right = rightFor(from, to)
  return right !== null && may(right)
}

/** The statuses from which such a person may bring an image to `to`. */
export function sourcesOf(to: ImageStatus, may: (right: StatusRight) => boolean): ImageStatus[] {
  return ImageStatus.options.filter((from) => mayMove(from, to, may))
}

/**
 * What saving a change makes of the status: the first change begins the work, and what was accepted is not
 * what is there any more, so it asks for a verdict again. A returned image stays returned, with its reason
 * in sight, until somebody says that it is done.
 */
export function statusAfterChange(status: ImageStatus): ImageStatus {
  if (status === 'new') return 'in_work'
  return status === 'accepted' ? 'done' : status
}

/** Still asks for an annotator. */
export const UNFINISHED = ['new', 'in_work', 'returned'] as const satisfies readonly ImageStatus[]

export function isUnfinished(status: ImageStatus): boolean {
  return UNFINISHED.some((open) => open === status)
}
