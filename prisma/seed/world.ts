import { appendFile, mkdir } from 'node:fs/promises'
import type { Viewer } from '../../server/auth/viewer.ts'
import { ProjectId } from '../../server/contracts/ids.ts'
import { Role } from '../../server/contracts/roles.ts'
import { newId } from '../../server/db/ids.ts'
import { inviteMember } from '../../server/members/invitations.ts'
import { saveLabel } from '../../server/projects/labels.ts'
import { runFiles } from '../../server/runs/run-files.ts'
import type { Studio } from '../../server/studio.ts'
import { seedImage } from './images.ts'
import { seedModelFolder } from './models.ts'
import { seedProject, seedUser } from './people.ts'
import { seedRun, seedVersion } from './runs.ts'

/** One project with one of everything, and a person for every role. */
export interface World {
  people: Record<Role | 'outsider' | 'studioOwner', Viewer>
  projectId: string
  imageId: string
  /** A comment on that image, by nobody who calls. */
  threadId: string
  /** One of the frozen version's validation images. */
  heldOutImageId: string
  labelId: string
  versionId: string
  runId: string
  baseModelId: string
  modelFolder: string
  invitationId: string
  token: string
}

export async function seedWorld(studio: Studio): Promise<World> {
  const people = {
    owner: await seedUser(studio, { name: 'Owner' }),
    manager: await seedUser(studio, { name: 'Manager' }),
    reviewer: await seedUser(studio, { name: 'Reviewer' }),
    annotator: await seedUser(studio, { name: 'Annotator' }),
    viewer: await seedUser(studio, { name: 'Viewer' }),
    outsider: await seedUser(studio, { name: 'Outsider' }),
    studioOwner: await seedUser(studio, { name: 'Studio owner', isOwner: true }),
  }
  const members = Role.options.map((role) => ({ user: people[role], role }))
  const { id } = await seedProject(studio, { members })
  const projectId = ProjectId.parse(id)
  // The outsider is everything in another project, which must not help.
  await seedProject(studio, { name: 'Elsewhere', members: [{ user: people.outsider, role: 'owner' }] })
  const versionId = await seedVersion(studio, people.owner, projectId, { train: 2, val: 1 })
  const modelFolder = seedModelFolder(studio, 'base')
  const runId = await seedRun(studio, people.owner, projectId, { modelFolder, versionId })
  const files = runFiles(studio.paths, runId)
  await mkdir(files.folder, { recursive: true })
  await appendFile(files.log, 'a line of the log\n')
  const heldOut = await studio.db.image.findFirstOrThrow({
    where: { projectId, split: 'val' },
    select: { id: true },
  })
  const invitation = await inviteMember(studio.db, people.manager, { projectId, role: 'viewer' })
  const imageId = (await seedImage(studio, projectId)).id
  const thread = await studio.db.comment.create({
    data: { id: newId('cm'), imageId, text: 'Is this one?' },
    select: { id: true },
  })
  return {
    people,
    projectId,
    imageId,
    threadId: thread.id,
    heldOutImageId: heldOut.id,
    labelId: (await saveLabel(studio.db, { projectId, name: 'unused' })).id,
    versionId,
    runId,
    baseModelId: (await studio.db.baseModel.findFirstOrThrow({ select: { id: true } })).id,
    modelFolder,
    invitationId: invitation.id,
    token: invitation.token,
  }
}
