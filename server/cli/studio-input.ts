import type { z } from 'zod'
import { StudioError } from '../errors.ts'

/** Reads words of the command line or of a file by a contract; what is wrong names its field. */
export function asStudioInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
  throw new StudioError('BAD_REQUEST', { message: problems.join('; ') })
}
