// A class renamed on 10,000 images by the real run worker, while somebody else saves a box twenty times a second:
// how long it takes, and how long that person ever waits, against the same saves on a quiet studio.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { aBox, anExpression, creationOf } from '../prisma/seed/annotations.ts'
import { seedProject, seedUser } from '../prisma/seed/people.ts'
import { seedRows } from '../prisma/seed/rows.ts'
import { testStudio } from '../prisma/seed/studio.ts'
import { LabelId, ProjectId } from '../server/contracts/ids.ts'
import { startWorker } from '../server/jobs/testing/worker-process.ts'
import { timed } from './support/report.ts'

const IMAGES = 10_000
const BOXES = 3
/** Between two saves of the other person. */
const EVERY_MS = 50

const studio = await testStudio()
const worker = startWorker(studio)
try {
  const boss = await seedUser(studio)
  const projectId = ProjectId.parse(
    (await seedProject(studio, { members: [{ user: boss, role: 'manager' }] })).id,
  )
  const ids = await seedRows(studio, projectId, IMAGES + 1)
  const [busy, ...others] = ids.toReversed()
  if (!busy) throw new Error('There are no images.')
  const { labels, annotations } = studio.as(boss)
  const { id } = await labels.save({ projectId, name: 'valve' })
  for (let at = 0; at < others.length; at += 1_000) {
    const documents = others.slice(at, at + 1_000).map((imageId) => {
      const expression = anExpression({ text: 'valve' })
      return { imageId, expression, boxes: Array.from({ length: BOXES }, () => aBox([expression])) }
    })
    await studio.db.expression.createMany({
      data: documents.map(({ imageId, expression }) => ({ ...expression, imageId })),
    })
    await studio.db.box.createMany({
      data: documents.flatMap(({ imageId, boxes }) =>
        boxes.map(({ expressionIds: _, ...box }) => ({ ...box, imageId })),
      ),
    })
    await studio.db.expressionBox.createMany({
      data: documents.flatMap(({ expression, boxes }) =>
        boxes.map((box) => ({ boxId: box.id, expressionId: expression.id })),
      ),
    })
  }
  const pump = anExpression({ text: 'pump' })
  await annotations.save({
    imageId: busy,
    operationId: randomUUID(),
    changes: creationOf({ expressions: [pump], boxes: [] }),
  })

  const save = async (): Promise<number> => {
    const { seconds } = await timed(() =>
      annotations.save({
        imageId: busy,
        operationId: randomUUID(),
        changes: creationOf({ expressions: [], boxes: [aBox([pump])] }),
      }),
    )
    return seconds * 1000
  }
  const quiet: number[] = []
  for (let n = 0; n < 60; n += 1) {
    quiet.push(await save())
    await pause(EVERY_MS)
  }
  const waits: number[] = []
  const edit = await timed(async () => {
    await labels.rename({ projectId, labelId: LabelId.parse(id), name: 'gate valve' })
    for (;;) {
      waits.push(await save())
      if ((waits.length & 7) === 0) {
        const [newest] = await labels.edits({ projectId })
        if (newest?.status === 'failed') throw new Error(newest.reason ?? 'It failed.')
        if (newest?.status === 'finished') return newest.result
      }
      await pause(EVERY_MS)
    }
  })
  const { images, expressions } = edit.value
  if (images !== IMAGES || expressions !== IMAGES) throw new Error(`Only ${images} images were renamed.`)
  console.log(`A class renamed on ${IMAGES.toLocaleString('en')} images`)
  console.log(
    `  ${edit.seconds.toFixed(1)} s, ${Math.round(images / edit.seconds).toLocaleString('en')} images/s`,
  )
  console.log(`  a save meanwhile:  ${words(waits)}`)
  console.log(`  on a quiet studio: ${words(quiet)}`)
} finally {
  await worker.end('SIGTERM')
  await studio.dispose()
}

function words(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0)
  return `median ${at(0.5)} ms, 95 % below ${at(0.95)} ms, longest ${at(1)} ms (${sorted.length} saves)`
}
