import { expect, it } from 'vitest'
import { RunEvent } from '../contracts/run-events.ts'
import { verdict } from './verdict.ts'

const base = { seq: 1, time: '2026-11-22T10:00:00.000Z' }
const done = (status: 'succeeded' | 'stopped') => {
  const event = RunEvent.parse({ ...base, type: 'done', status, step: 8 })
  return event.type === 'done' ? event : null
}
const error = () => {
  const event = RunEvent.parse({
    ...base,
    type: 'error',
    code: 'disk_full',
    message: 'Full.',
    what_to_do: 'Free.',
  })
  return event.type === 'error' ? event : null
}
const nothing = { digest: { done: null, error: null }, exit: null, stopRequest: null, checkpointStep: 4 }

it('believes what the trainer wrote before anything else', () => {
  const finished = { ...nothing, digest: { done: done('succeeded'), error: null } }
  expect(verdict({ ...finished, exit: { code: null, signal: 'SIGKILL' }, stopRequest: 'now' }).status).toBe(
    'succeeded',
  )
  const failed = verdict({ ...nothing, digest: { done: null, error: error() }, stopRequest: 'now' })
  expect(failed).toMatchObject({ status: 'failed', reason: { code: 'trainer', kind: 'disk_full' } })
})

it('tells a polite stop from one at once', () => {
  expect(verdict({ ...nothing, digest: { done: done('stopped'), error: null } })).toMatchObject({
    status: 'stopped',
    reason: { code: 'stoppedSaved', checkpointStep: 4 },
  })
  expect(verdict({ ...nothing, stopRequest: 'now' })).toMatchObject({
    status: 'stopped',
    reason: { code: 'stoppedNow' },
  })
})

it('calls a run lost that ended in silence, whoever saw it', () => {
  expect(verdict(nothing)).toMatchObject({ status: 'lost', reason: { signal: null, checkpointStep: 4 } })
  const killed = verdict({ ...nothing, exit: { code: null, signal: 'SIGKILL' } })
  expect(killed).toMatchObject({ status: 'lost', reason: { signal: 'SIGKILL' } })
  const silent = verdict({ ...nothing, exit: { code: 0, signal: null } })
  expect(silent).toMatchObject({ status: 'lost', exitCode: 0 })
})

it('keeps an exit code that came without a word', () => {
  expect(verdict({ ...nothing, exit: { code: 4, signal: null } })).toEqual({
    status: 'failed',
    exitCode: 4,
    reason: { code: 'exit', exitCode: 4, checkpointStep: 4 },
  })
})
