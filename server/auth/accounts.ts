import type { Transaction } from '../db/client.ts'
import { newId } from '../db/ids.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { authOf } from './auth.ts'
import type { Viewer } from './viewer.ts'

export interface NewAccount {
  name: string
  email: string
  passwordHash: string
}

/** Slow on purpose (scrypt), so it is done before the transaction that stores it. */
export async function hashPassword(studio: Studio, password: string): Promise<string> {
  const { password: hasher } = await (await authOf(studio)).$context
  return hasher.hash(password)
}

/**
 * Stores a person and the password in better-auth's tables, inside the caller's transaction: its own
 * sign-up would commit before we know whether the invitation is still good.
 * @throws StudioError CONFLICT when the address has an account
 */
export async function createAccount(
  tx: Transaction,
  { name, email, passwordHash }: NewAccount,
  isOwner: boolean,
): Promise<Viewer> {
  const address = email.toLowerCase()
  if (await tx.user.findUnique({ where: { email: address }, select: { id: true } })) {
    throw new StudioError('CONFLICT', {
      message: 'This e-mail address has an account already. Sign in with it, then open the link again.',
      details: { reason: 'emailTaken', field: 'email' },
    })
  }
  const id = newId('u')
  await tx.user.create({
    data: {
      id,
      name,
      email: address,
      isOwner,
      accounts: {
        create: { id: newId('a'), accountId: id, providerId: 'credential', password: passwordHash },
      },
    },
  })
  return { id, name, email: address, isOwner }
}
