import { createAccount, hashPassword } from '../../server/auth/accounts.ts'
import type { Viewer } from '../../server/auth/viewer.ts'
import type { Role } from '../../server/contracts/roles.ts'
import { newId } from '../../server/db/ids.ts'
import type { Studio } from '../../server/studio.ts'

export const SEED_PASSWORD = 'a seed password'

/** A person with an account, without any project. Signing in works with SEED_PASSWORD. */
export async function seedUser(
  studio: Studio,
  options: { name?: string; email?: string; isOwner?: boolean; canSignIn?: boolean } = {},
): Promise<Viewer> {
  const name = options.name ?? 'Ada Person'
  const account = {
    name,
    email: options.email ?? `${newId('mail')}@example.org`,
    // Hashing takes a while on purpose; most tests never sign in.
    passwordHash: options.canSignIn ? await hashPassword(studio, SEED_PASSWORD) : 'no password',
  }
  return studio.db.$transaction((tx) => createAccount(tx, account, options.isOwner ?? false))
}

/** A project with the given people in it. */
export async function seedProject(
  studio: Studio,
  options: { name?: string; members?: { user: Viewer; role: Role }[] } = {},
): Promise<{ id: string; name: string }> {
  const project = await studio.db.project.create({
    data: {
      id: newId('p'),
      name: options.name ?? 'Valves',
      settings: { promptLanguage: 'en' },
      members: { create: (options.members ?? []).map(({ user, role }) => ({ userId: user.id, role })) },
    },
  })
  return { id: project.id, name: project.name }
}
