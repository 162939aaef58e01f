import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import path from 'node:path'
import type { DataPaths } from '../storage/paths.ts'
import { forgetSecret, secretFile } from './secret-file.ts'

/** No letters and digits that look alike: the code is read from a terminal and typed. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const GROUPS = 3
const GROUP_LENGTH = 4

/** Whether this address can only be reached from the machine itself. Takes host names and `host:port`. */
export function isLoopback(host: string): boolean {
  // A bare IPv6 address has several colons, and none of them starts a port.
  const name = (
    host.split(':').length > 2 ? host.replace(/^\[(.*)\](:\d+)?$/, '$1') : host.replace(/:\d+$/, '')
  ).toLowerCase()
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name)
}

/**
 * The one-time code that proves on the first visit that the visitor also sees the terminal. It lies in
 * the data folder until the owner account is made.
 */
export function ownerCode(paths: DataPaths): Promise<string> {
  return secretFile(codeFile(paths), makeCode)
}

/** Compares without telling by the time it takes how much was right. Case and dashes do not matter. */
export async function matchesOwnerCode(paths: DataPaths, given: string): Promise<boolean> {
  return timingSafeEqual(digest(await ownerCode(paths)), digest(given))
}

export function forgetOwnerCode(paths: DataPaths): Promise<void> {
  return forgetSecret(codeFile(paths))
}

function codeFile(paths: DataPaths): string {
  return path.join(paths.root, 'owner-code')
}

function makeCode(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}

function digest(code: string): Buffer {
  return createHash('sha256')
    .update(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .digest()
}
