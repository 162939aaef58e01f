import type { Prisma } from '../../prisma/generated/client.ts'
import type { Split } from '../contracts/image.ts'
import type { VersionOptions } from '../contracts/version.ts'
import type { Database } from '../db/client.ts'
import { decideSplits } from './split.ts'

/** The images of a version and on which side each one is, in the project's order. */
export interface Selection {
  images: { id: string; split: Split }[]
  conversations: { id: string; split: Split }[]
  /** Images of the project that are not among them. */
  leftOut: number
}

const FINISHED = ['done', 'accepted']

/** Which images the options speak of, whether or not anything can be asked about them. */
export function includedImages(projectId: string, options: VersionOptions): Prisma.ImageWhereInput {
  return { projectId, ...(options.include === 'finished' ? { status: { in: FINISHED } } : {}) }
}

/** Which expressions become text. */
export function includedExpressions(options: VersionOptions): Prisma.ExpressionWhereInput {
  return options.conversation.negatives ? {} : { answers: { some: {} } }
}

/** Stated negatives on the included images. */
export function negativesOf(projectId: string, options: VersionOptions): Prisma.ExpressionWhereInput {
  return { image: includedImages(projectId, options), answers: { none: {} } }
}

export async function selectForVersion(
  db: Database,
  projectId: string,
  options: VersionOptions,
): Promise<Selection> {
  const [images, total, conversations] = await Promise.all([
    db.image.findMany({
      where: {
        ...includedImages(projectId, options),
        expressions: { some: includedExpressions(options) },
      },
      orderBy: { position: 'asc' },
      select: { id: true, sha256: true, split: true },
    }),
    db.image.count({ where: { projectId } }),
    db.conversation.findMany({
      where: { projectId },
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
      select: { id: true, split: true },
    }),
  ])
  const items = [
    ...images.map(({ sha256, split }) => ({ key: sha256, split })),
    ...conversations.map(({ id, split }) => ({ key: id, split })),
  ]
  const splits = decideSplits(items, options)
  const splitAt = (index: number) => splits[index] ?? 'train'
  return {
    images: images.map(({ id }, index) => ({ id, split: splitAt(index) })),
    conversations: conversations.map(({ id }, index) => ({ id, split: splitAt(images.length + index) })),
    leftOut: total - images.length,
  }
}
