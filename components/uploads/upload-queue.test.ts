import { beforeEach, expect, test } from 'vitest'
import { lineReader, type SendFile } from './send-file.ts'
import { createUploadQueue, type UploadQueue } from './upload-queue.ts'
import { linesOf, summarise } from './upload-summary.ts'

/** A server whose answers the test gives by hand. */
interface Sending extends SendFile {
  succeed: () => void
  fail: (failure: { code: string; message: string }) => void
}

let sending: Sending[]
let mayTryAgain: boolean
let queue: UploadQueue

beforeEach(() => {
  sending = []
  mayTryAgain = true
  queue = createUploadQueue({
    send: (file) =>
      new Promise((succeed, fail) => {
        file.signal.addEventListener('abort', () => fail({ code: 'ABORTED', message: '' }))
        sending.push({ ...file, succeed, fail })
      }),
    signIn: async () => mayTryAgain,
  })
})

const files = (...names: string[]) => names.map((path) => ({ file: new File(['abc'], path), path }))
const states = () => queue.read().map((upload) => upload.state)
/** Lets everything that was promised happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('two files travel at a time, the next one starts when one is through', async () => {
  queue.add('p', files('a.jpg', 'b.jpg', 'c.jpg'))
  expect(states()).toEqual(['sending', 'sending', 'queued'])
  sending[0]?.onResult({ outcome: 'added', file: 'a.jpg', imageId: 'i1' })
  sending[0]?.succeed()
  await settle()
  expect(states()).toEqual(['done', 'sending', 'sending'])
})

test('a file that fails does not stop the others, and can be sent again', async () => {
  queue.add('p', files('a.jpg', 'b.jpg'))
  sending[0]?.fail({ code: 'NETWORK', message: 'gone' })
  sending[1]?.succeed()
  await settle()
  expect(states()).toEqual(['failed', 'done'])
  queue.retryFailed()
  expect(states()).toEqual(['sending', 'done'])
  expect(sending).toHaveLength(3)
})

test('cancelling stops what travels and what waits, and keeps what has arrived', async () => {
  queue.add('p', files('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'))
  sending[0]?.succeed()
  await settle()
  queue.cancelAll()
  await settle()
  expect(states()).toEqual(['done', 'cancelled', 'cancelled', 'cancelled'])
  expect(summarise(queue.read())).toMatchObject({ isActive: false, cancelled: 3 })
})

test('when the session has ended the file is sent again after the sign-in', async () => {
  queue.add('p', files('a.jpg'))
  sending[0]?.fail({ code: 'UNAUTHENTICATED', message: '' })
  await settle()
  expect(states()).toEqual(['sending'])
  mayTryAgain = false
  sending[1]?.fail({ code: 'UNAUTHENTICATED', message: '' })
  await settle()
  expect(states()).toEqual(['failed'])
})

test('the summary counts every entry of a zip, and progress goes by bytes', () => {
  queue.add('p', files('all.zip', 'a.jpg'))
  sending[0]?.onSent(1)
  sending[0]?.onResult({ outcome: 'added', file: 'all.zip/1.jpg', imageId: 'i1' })
  sending[0]?.onResult({ outcome: 'refused', file: 'all.zip/2.jpg', reason: 'truncated' })
  expect(summarise(queue.read())).toMatchObject({ added: 1, refused: 1, progress: 0.5, isActive: true })
  expect(states()[0]).toBe('reading')
})

test('what needs a look stands first', () => {
  queue.add('p', files('all.zip', 'a.jpg'))
  sending[0]?.onResult({ outcome: 'added', file: 'good.jpg', imageId: 'i1' })
  sending[0]?.onResult({ outcome: 'refused', file: 'bad.jpg', reason: 'empty' })
  const names = linesOf(queue.read()).map((line) =>
    line.kind === 'result' ? line.result.file : line.upload.path,
  )
  expect(names).toEqual(['bad.jpg', 'all.zip', 'a.jpg', 'good.jpg'])
})

test('an answer is read line by line however it is cut', () => {
  const lines: string[] = []
  const reader = lineReader((line) => lines.push(line))
  reader.read('{"a"')
  reader.read('{"a":1}\n{"b":')
  expect(lines).toEqual(['{"a":1}'])
  reader.read('{"a":1}\n{"b":2}\n\n{"c":3}')
  reader.end()
  expect(lines).toEqual(['{"a":1}', '{"b":2}', '{"c":3}'])
})
