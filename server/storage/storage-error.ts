import { StudioError } from '../errors.ts'

/** What the catalogue calls them (errors.reasons), and the words for everybody else. */
const REASONS = {
  diskFull: 'The disk of the data folder is full. Free some space, then try again.',
  diskQuota: 'The disk quota of the data folder is used up. Free some space, then try again.',
  dataReadOnly: 'The data folder is read-only. Make it writable, then try again.',
  dataForbidden: 'The studio may not use its data folder. Give it the right to, then try again.',
} as const

const CODES: Record<string, keyof typeof REASONS> = {
  ENOSPC: 'diskFull',
  SQLITE_FULL: 'diskFull',
  EDQUOT: 'diskQuota',
  EROFS: 'dataReadOnly',
  SQLITE_READONLY: 'dataReadOnly',
  EACCES: 'dataForbidden',
  EPERM: 'dataForbidden',
}

/** @returns a StudioError with words for a full or read-only disk; null for anything else */
export function storageError(thrown: unknown): StudioError | null {
  if (!(thrown instanceof Error)) return null
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  // The database driver puts SQLite's code into the message only.
  const inMessage = Object.keys(CODES).find(
    (key) => key.startsWith('SQLITE_') && thrown.message.includes(key),
  )
  const reason = CODES[code] ?? CODES[inMessage ?? '']
  if (!reason) return null
  return new StudioError('STORAGE', { message: REASONS[reason], details: { reason }, cause: thrown })
}
