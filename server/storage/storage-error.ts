import { StudioError } from '../errors.ts'

const FULL = 'The disk of the data folder is full. Free some space, then try again.'
const FORBIDDEN = 'The studio may not write to its data folder. Give it the right to, then try again.'
const READ_ONLY = 'The data folder is read-only. Make it writable, then try again.'

const WORDS: Record<string, string> = {
  ENOSPC: FULL,
  SQLITE_FULL: FULL,
  EDQUOT: 'The disk quota of the data folder is used up. Free some space, then try again.',
  EROFS: READ_ONLY,
  SQLITE_READONLY: READ_ONLY,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
}

/** @returns a StudioError with words for a full or read-only disk; null for anything else */
export function storageError(thrown: unknown): StudioError | null {
  if (!(thrown instanceof Error)) return null
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  // The database driver puts SQLite's code into the message only.
  const inMessage = Object.keys(WORDS).find(
    (key) => key.startsWith('SQLITE_') && thrown.message.includes(key),
  )
  const words = WORDS[code] ?? (inMessage && WORDS[inMessage])
  return words ? new StudioError('STORAGE', { message: words, cause: thrown }) : null
}
