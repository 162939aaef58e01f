import type { z } from 'zod'
import type { CreateOwner } from '../contracts/member.ts'
import { write } from '../db/transaction.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { createAccount, hashPassword } from './accounts.ts'
import { CODE_LIMIT, countAttempt } from './attempts.ts'
import { forgetOwnerCode, matchesOwnerCode } from './owner-code.ts'
import type { Viewer } from './viewer.ts'

export async function hasOwner(db: Studio['db']): Promise<boolean> {
  return (await db.user.findFirst({ select: { id: true } })) !== null
}

/**
 * Makes the first account, once. Two first visits at the same moment: one wins, the other is told.
 * @param needsCode whether the visitor must prove to see the terminal
 * @throws StudioError WRONG_STATE when there is an owner; FORBIDDEN when the code is wrong
 */
export async function createOwner(
  studio: Studio,
  input: z.infer<typeof CreateOwner>,
  needsCode: boolean,
): Promise<Viewer> {
  if (await hasOwner(studio.db)) throw alreadyOwned()
  if (needsCode) {
    await countAttempt(studio.db, 'owner-code', CODE_LIMIT)
    if (!(await matchesOwnerCode(studio.paths, input.code))) {
      throw new StudioError('FORBIDDEN', {
        message:
          'The one-time code is not right. The terminal that started the studio printed it; it also lies in the file owner-code of the data folder.',
        details: { reason: 'ownerCode', field: 'code' },
      })
    }
  }
  const passwordHash = await hashPassword(studio, input.password)
  const owner = await write(studio.db, async (tx) => {
    if (await tx.user.findFirst({ select: { id: true } })) throw alreadyOwned()
    return createAccount(tx, { name: input.name, email: input.email, passwordHash }, true)
  })
  await forgetOwnerCode(studio.paths)
  return owner
}

function alreadyOwned(): StudioError {
  return new StudioError('WRONG_STATE', {
    message: 'This studio has an owner already. Sign in instead.',
    details: { reason: 'alreadyOwned' },
  })
}
