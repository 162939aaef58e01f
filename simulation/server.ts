import { randomUUID } from 'node:crypto'
import { seedProject, seedUser } from '../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../prisma/seed/studio.ts'
import { applyChanges } from '../server/annotations/apply-changes.ts'
import { recordMerges } from '../server/annotations/follow-renames.ts'
import { mergedExpressions } from '../server/annotations/merged-expressions.ts'
import { revisionsAfter } from '../server/annotations/revisions-after.ts'
import type { Viewer } from '../server/auth/viewer.ts'
import { createContextInner } from '../server/context.ts'
import type { AnnotationChange, AnnotationDocument } from '../server/contracts/annotation.ts'
import type { ExpressionId, ImageId } from '../server/contracts/ids.ts'
import { newId } from '../server/db/ids.ts'
import { write } from '../server/db/transaction.ts'
import { appRouter } from '../server/root.ts'
import { openStudio } from '../server/studio.ts'
import { createCallerFactory } from '../server/trpc.ts'

export const IMAGE = { width: 1000, height: 800 }

const caller = createCallerFactory(appRouter)

/** The studio's own server on a real database file: its procedures, without HTTP between. */
export class SimulatedServer {
  readonly people: Record<string, Viewer>
  private readonly studio: TestStudio
  private readonly projectId: string
  private db: TestStudio['db']
  private images = 0

  private constructor(studio: TestStudio, projectId: string, people: Record<string, Viewer>) {
    this.studio = studio
    this.db = studio.db
    this.projectId = projectId
    this.people = people
  }

  static async start(): Promise<SimulatedServer> {
    const studio = await testStudio()
    const people: Record<string, Viewer> = {}
    for (const name of ['ada', 'bob', 'cy']) people[name] = await seedUser(studio, { name })
    const members = Object.values(people).map((user) => ({ user, role: 'annotator' as const }))
    const project = await seedProject(studio, { members })
    return new SimulatedServer(studio, project.id, people)
  }

  /** An image without annotations; nobody looks at its pixels. */
  async addImage(): Promise<ImageId> {
    const id = newId('img') as ImageId
    this.images += 1
    await this.db.image.create({
      data: {
        ...IMAGE,
        id,
        projectId: this.projectId,
        sha256: randomUUID(),
        fileName: `${this.images}.png`,
        mediaType: 'image/png',
        bytes: 1,
        baking: {},
        origin: 'upload',
        position: this.images,
      },
    })
    return id
  }

  as(name: string) {
    const viewer = this.people[name] ?? null
    return caller(createContextInner({ ...this.studio, db: this.db, viewer })).annotations
  }

  async document(imageId: ImageId): Promise<{ document: AnnotationDocument; revision: number }> {
    const { document, image } = await this.as('ada').open({ imageId })
    return { document, revision: image.revision }
  }

  async revision(imageId: ImageId): Promise<number> {
    const image = await this.db.image.findUniqueOrThrow({
      where: { id: imageId },
      select: { revision: true },
    })
    return image.revision
  }

  /** What a page is told that follows the image. */
  async news(imageId: ImageId, after: number) {
    const revisions = await revisionsAfter(this.db, imageId, after)
    return { revisions, merged: await mergedExpressions(this.db, imageId) }
  }

  /** The whole history, oldest first. */
  async history(imageId: ImageId) {
    const rows = await this.db.revision.findMany({ where: { imageId }, orderBy: { number: 'asc' } })
    return rows.map((row) => ({ ...row, changes: row.changes as unknown as AnnotationChange[] }))
  }

  /** A change that comes from the project's labels, not from anybody's work on the image. */
  async change(
    imageId: ImageId,
    changes: readonly AnnotationChange[],
    merges: readonly { id: ExpressionId; into: ExpressionId }[],
  ): Promise<void> {
    const batch = { imageId, operationId: newId('op'), changes, authorId: null, origin: 'label' as const }
    await write(this.db, async (tx) => {
      await applyChanges(tx, { ...batch, bulkEditId: newId('be') })
      await recordMerges(tx, imageId, merges)
    })
  }

  /** The process ends and a new one opens the same file. */
  async restart(): Promise<void> {
    await this.db.$disconnect()
    this.db = (await openStudio(this.studio.paths.root)).db
  }

  async stop(): Promise<void> {
    await this.db.$disconnect()
    await this.studio.dispose()
  }
}
