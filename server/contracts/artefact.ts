import { z } from 'zod'
import { Sha256 } from './ids.ts'

export const ArtefactKind = z.enum(['adapter', 'merged', 'browser'])
export type ArtefactKind = z.infer<typeof ArtefactKind>

/** `file` is relative to the artefact's folder, with forward slashes. */
export const ArtefactFile = z.object({
  file: z.string().regex(/^(?!\/)(?!.*\.\.)[^\\]+$/),
  bytes: z.number().int().min(0),
  sha256: Sha256,
})
export type ArtefactFile = z.infer<typeof ArtefactFile>

/** How far an artefact's answers lie from those of the model it was made from. */
export const ParityReport = z.object({
  max_logit_gap: z.number(),
  samples: z.number().int(),
  tolerance: z.number(),
  passed: z.boolean(),
})
export type ParityReport = z.infer<typeof ParityReport>
