import { randomBytes } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import { StudioError } from '../errors.ts'

/**
 * Reads a secret of this installation, and makes it on the first call. Only the user who runs the
 * studio may read the file.
 * @throws StudioError STORAGE when the file is empty or cannot be written
 */
export async function secretFile(file: string, make: () => string): Promise<string> {
  const existing = await readSecret(file)
  if (existing !== null) return existing
  try {
    const handle = await open(file, 'wx', 0o600)
    const secret = make()
    try {
      await handle.writeFile(secret)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return secret
  } catch (error) {
    // Web and worker may start at the same moment; the first file counts.
    if (isCode(error, 'EEXIST')) return (await readSecret(file)) ?? secretFile(file, make)
    throw unusable(file, error)
  }
}

/** @returns null when there is no such file */
export async function readSecret(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null
    throw unusable(file, error)
  })
  if (text?.trim() === '') throw unusable(file, new Error('the file is empty'))
  return text?.trim() ?? null
}

export async function forgetSecret(file: string): Promise<void> {
  await rm(file, { force: true })
}

/** The key that signs session cookies: 32 random bytes, made once for each data folder. */
export function sessionSecret(): string {
  return randomBytes(32).toString('base64url')
}

function unusable(file: string, cause: unknown): StudioError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StudioError('STORAGE', {
    message: `The secret file ${file} cannot be used: ${reason}. Delete it if it is empty, or make the folder writable.`,
    userMessage: 'The data folder cannot be used; the log of the server tells why.',
    cause,
  })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
