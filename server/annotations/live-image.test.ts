import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aBox, anExpression, creationOf } from '../../prisma/seed/annotations.ts'
import { seedImage } from '../../prisma/seed/images.ts'
import { seedProject, seedUser } from '../../prisma/seed/people.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { AnnotationChange } from '../contracts/annotation.ts'
import { ImageId } from '../contracts/ids.ts'
import { write } from '../db/transaction.ts'
import { applyChanges } from './apply-changes.ts'
import { Followers, followers, GONE_MS } from './followers.ts'
import { type LiveImageMessage, liveImage } from './live-image.ts'

let studio: TestStudio
let ada: Viewer
let imageId: ImageId
let stop: AbortController

beforeEach(async () => {
  studio = await testStudio()
  ada = await seedUser(studio, { name: 'Ada' })
  const project = await seedProject(studio, { members: [{ user: ada, role: 'annotator' }] })
  imageId = ImageId.parse((await seedImage(studio, project.id)).id)
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await studio.dispose()
})

const follow = (after: number, tab = 'tab-of-bob', mayLook: () => Promise<unknown> = async () => undefined) =>
  liveImage(studio.db, { imageId, after, tab }, mayLook, stop.signal)
const create = (): AnnotationChange[] => {
  const expression = anExpression()
  return creationOf({ expressions: [expression], boxes: [aBox([expression], { width: 9, height: 9 })] })
}
const save = (changes = create()) =>
  studio.as(ada).annotations.save({ imageId, operationId: randomUUID(), changes })

async function next(stream: AsyncGenerator<{ position: number; message: LiveImageMessage }>, kind: string) {
  for (;;) {
    const { value, done } = await stream.next()
    if (done) throw new Error('The stream ended.')
    if (value.message.kind === kind) return value
  }
}
const numbers = (message: LiveImageMessage) =>
  message.kind === 'revisions' ? message.revisions.map(({ number }) => number) : []

describe('following an image', () => {
  it('tells of each revision as it is accepted, with its author and operation', async () => {
    const stream = follow(0)
    const waiting = next(stream, 'revisions')
    const changes = create()
    await save(changes)
    const { position, message } = await waiting
    expect(position).toBe(1)
    expect(message).toMatchObject({ revisions: [{ number: 1, author: { name: 'Ada' }, changes }] })
  })

  it('goes on after the last revision that was heard, whatever was restarted meanwhile', async () => {
    for (let count = 0; count < 3; count += 1) await save()
    expect(numbers((await next(follow(1), 'revisions')).message)).toEqual([2, 3])
  })

  it('finds what another process wrote without being told', async () => {
    const waiting = next(follow(0), 'revisions')
    const batch = { imageId, operationId: randomUUID(), changes: create(), authorId: null }
    await write(studio.db, (tx) => applyChanges(tx, { ...batch, origin: 'import' }))
    expect(numbers((await waiting).message)).toEqual([1])
  })

  it('says that too much was missed instead of playing hundreds of revisions', async () => {
    for (let count = 0; count < 101; count += 1) await save()
    expect(await next(follow(0), 'tooMuch')).toMatchObject({ position: 101 })
  })

  it('ends for whoever may not look any more', async () => {
    let allowed = true
    const stream = follow(0, 'tab-of-bob', async () => {
      if (!allowed) throw new Error('not a member')
    })
    await next(stream, 'present')
    allowed = false
    const waiting = expect(next(stream, 'revisions')).rejects.toThrow('not a member')
    await save()
    await waiting
  })

  it('shows who comes and who leaves', async () => {
    const bob = follow(0)
    expect((await next(bob, 'present')).message).toEqual({ kind: 'present', people: [] })
    const came = next(bob, 'present')
    await studio.as(ada).annotations.present({ imageId, tab: 'tab-of-ada', present: true })
    expect((await came).message).toEqual({
      kind: 'present',
      people: [{ userId: ada.id, name: 'Ada', tabs: 1 }],
    })
    const left = next(bob, 'present')
    await studio.as(ada).annotations.present({ imageId, tab: 'tab-of-ada', present: false })
    expect((await left).message).toEqual({ kind: 'present', people: [] })
  })

  it('takes a page for gone when its connection ends', async () => {
    const connection = new AbortController()
    const stream = liveImage(
      studio.db,
      { imageId, after: 0, tab: 'tab-of-ada' },
      async () => undefined,
      connection.signal,
    )
    await next(stream, 'present')
    await studio.as(ada).annotations.present({ imageId, tab: 'tab-of-ada', present: true })
    expect(followers.others(imageId, 'tab-of-bob')).toHaveLength(1)
    connection.abort()
    while (!(await stream.next()).done);
    expect(followers.others(imageId, 'tab-of-bob')).toEqual([])
  })
})

describe('who is there', () => {
  it('forgets a page that has said nothing for some seconds', () => {
    const here = new Followers()
    const note = (tab: string, now: number) =>
      here.note({ id: 'u_1', name: 'Ada' }, { imageId, tab, present: true }, now)
    note('first-tab', 0)
    note('second-tab', 10_000)
    here.sweep(GONE_MS + 1)
    expect(here.others(imageId, 'mine-tab')).toEqual([{ userId: 'u_1', name: 'Ada', tabs: 1 }])
    here.sweep(10_000 + GONE_MS + 1)
    expect(here.others(imageId, 'mine-tab')).toEqual([])
  })
})
