import { randomBytes } from 'node:crypto'

/** 20 characters, sortable by the millisecond they were made in, with a prefix that tells the noun. */
export function newId(prefix: string): string {
  return `${prefix}_${Date.now().toString(36)}${randomBytes(6).toString('hex')}`
}
