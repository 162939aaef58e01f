import { afterEach, beforeEach, expect, test } from 'vitest'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import { ProjectId, UserId } from '../contracts/ids.ts'

let studio: TestStudio
let owner: Viewer
let manager: Viewer
let annotator: Viewer
let projectId: ProjectId

beforeEach(async () => {
  studio = await testStudio()
  owner = await seedUser(studio, { name: 'Owner' })
  manager = await seedUser(studio, { name: 'Manager' })
  annotator = await seedUser(studio, { name: 'Annotator' })
  const project = await seedProject(studio, {
    members: [
      { user: owner, role: 'owner' },
      { user: manager, role: 'manager' },
      { user: annotator, role: 'annotator' },
    ],
  })
  projectId = ProjectId.parse(project.id)
})
afterEach(() => studio.dispose())

const NEW_PERSON = { name: 'Newcomer', email: 'New@example.org', password: 'a long password' }
const idOf = (viewer: Viewer) => UserId.parse(viewer.id)

test('a link brings one new person into the project, with the role it was made for', async () => {
  const { token } = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  expect(await studio.as(null).members.invitation({ token })).toMatchObject({
    projectName: 'Valves',
    invitedBy: 'Manager',
    role: 'viewer',
  })
  await studio.as(null).members.accept({ token, ...NEW_PERSON })
  const { members, invitations } = await studio.as(manager).members.list({ projectId })
  expect(members.find(({ email }) => email === 'new@example.org')).toMatchObject({ role: 'viewer' })
  expect(invitations).toEqual([])
  await expect(
    studio.as(null).members.accept({ token, ...NEW_PERSON, email: 'second@example.org' }),
  ).rejects.toThrow('was used')
})

test('the database does not hold the secret of a link', async () => {
  const { token } = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  const row = await studio.db.invitation.findFirstOrThrow()
  expect(JSON.stringify(row)).not.toContain(token)
})

test('two people who open one link at the same moment: one gets in', async () => {
  const { token } = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  const answers = await Promise.allSettled(
    ['a@example.org', 'b@example.org'].map((email) =>
      studio.as(null).members.accept({ token, ...NEW_PERSON, email }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await studio.db.member.count({ where: { projectId } })).toBe(4)
})

test('a link is no good after 7 days, or when it was withdrawn', async () => {
  const old = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  await studio.db.invitation.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  await expect(studio.as(null).members.invitation({ token: old.token })).rejects.toThrow('7 days')
  const fresh = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  await studio.as(manager).members.revoke({ projectId, invitationId: fresh.id })
  await expect(studio.as(null).members.invitation({ token: fresh.token })).rejects.toThrow('withdrawn')
})

test('somebody with an account joins with it, and a member keeps the higher role', async () => {
  const stranger = await seedUser(studio)
  const first = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  await expect(
    studio.as(null).members.accept({ token: first.token, ...NEW_PERSON, email: stranger.email }),
  ).rejects.toThrow('has an account already')
  await studio.as(stranger).members.join({ token: first.token })
  const second = await studio.as(manager).members.invite({ projectId, role: 'viewer' })
  await studio.as(owner).members.join({ token: second.token })
  const { members } = await studio.as(owner).members.list({ projectId })
  expect(members.find(({ userId }) => userId === stranger.id)?.role).toBe('viewer')
  expect(members.find(({ userId }) => userId === owner.id)?.role).toBe('owner')
})

test('a manager neither makes nor unmakes owners', async () => {
  const asManager = studio.as(manager)
  await expect(
    asManager.members.changeRole({ projectId, userId: idOf(manager), role: 'owner' }),
  ).rejects.toThrow('Only an owner')
  await expect(
    asManager.members.changeRole({ projectId, userId: idOf(owner), role: 'viewer' }),
  ).rejects.toThrow('Only an owner')
  await expect(asManager.members.remove({ projectId, userId: idOf(owner) })).rejects.toThrow('Only an owner')
  await asManager.members.changeRole({ projectId, userId: idOf(annotator), role: 'manager' })
})

test('a project keeps an owner', async () => {
  const asOwner = studio.as(owner)
  await expect(
    asOwner.members.changeRole({ projectId, userId: idOf(owner), role: 'viewer' }),
  ).rejects.toThrow('no owner')
  await expect(asOwner.members.remove({ projectId, userId: idOf(owner) })).rejects.toThrow('no owner')
  await asOwner.members.changeRole({ projectId, userId: idOf(manager), role: 'owner' })
  await asOwner.members.remove({ projectId, userId: idOf(owner) })
  await expect(studio.as(owner).projects.byId({ projectId })).rejects.toThrow('no such project')
})
