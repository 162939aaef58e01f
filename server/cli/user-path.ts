import path from 'node:path'
import { env } from '../env.ts'

/** A path as the person meant it who typed it: from the folder they are in, not from the checkout. */
export function userPath(typed: string): string {
  return path.resolve(env.callerDir, typed)
}
