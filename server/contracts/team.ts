import { z } from 'zod'
import { ProjectId, UserId } from './ids.ts'
import { SomeImages } from './image.ts'
import { ProjectName } from './project.ts'

export const TeamStatistics = z.object({
  projectId: ProjectId,
  /** Only what happened in so many days up to now; null = all. */
  days: z.number().int().min(1).max(3650).nullable().default(null),
})
export type TeamStatistics = z.infer<typeof TeamStatistics>

/** Most images in one second opinion: agreement is known long before. */
export const MAX_SECOND_OPINION = 5_000

/** Asks a second person to annotate images that somebody else annotates too, without seeing those boxes. */
export const AskSecondOpinion = z.object({
  projectId: ProjectId,
  name: ProjectName,
  images: SomeImages,
  /** So many of them, spread evenly over the list. */
  count: z.number().int().min(1).max(MAX_SECOND_OPINION),
  userId: UserId,
})
export type AskSecondOpinion = z.infer<typeof AskSecondOpinion>
