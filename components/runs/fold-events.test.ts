import { describe, expect, it } from 'vitest'
import type { EvalEvent, RunEvent, StepEvent } from '../../server/contracts/run-events.ts'
import { EMPTY_HISTORY, foldEvents, lossTrend, openStage } from './fold-events.ts'

const time = '2026-11-22T10:00:00.000Z'

function step(seq: number, number: number, loss = 1): StepEvent {
  return {
    type: 'step',
    seq,
    time,
    step: number,
    total_steps: 10,
    epoch: 0,
    loss,
    learning_rate: 0.001,
    grad_norm: 1,
    tokens_per_second: 1,
    samples_per_second: 1,
    memory_bytes: 1,
    seconds_left: 1,
  }
}
const evaluation = (seq: number, number: number): EvalEvent => ({
  type: 'eval',
  seq,
  time,
  step: number,
  loss: 1,
  samples: 1,
  metrics: null,
})
const stage = (seq: number, name: 'train' | 'evaluate', state: 'begin' | 'end'): RunEvent => ({
  type: 'stage',
  seq,
  time,
  name,
  state,
})

describe('the history of a run', () => {
  it('takes an event that is sent twice once', () => {
    const once = foldEvents(EMPTY_HISTORY, [step(0, 1), step(1, 2)])
    const twice = foldEvents(once, [step(1, 2), step(2, 3)])
    expect(twice.steps.map(({ step }) => step)).toEqual([1, 2, 3])
  })

  it('forgets what a lost attempt did behind the checkpoint that the next one resumes from', () => {
    const lost = foldEvents(EMPTY_HISTORY, [step(0, 1), step(1, 2), evaluation(2, 2), step(3, 3, 9)])
    const resumed = foldEvents(lost, [step(4, 2, 5)])
    expect(resumed.steps.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 1],
      [2, 5],
    ])
    expect(resumed.evals.map(({ step }) => step)).toEqual([2])
    expect(foldEvents(resumed, [step(5, 1)]).evals).toEqual([])
  })

  it('knows the innermost stage that is going on', () => {
    const begun = [stage(0, 'train', 'begin'), stage(1, 'evaluate', 'begin')]
    const inside = foldEvents(EMPTY_HISTORY, begun)
    expect(openStage(inside)).toBe('evaluate')
    expect(openStage(foldEvents(inside, [stage(2, 'evaluate', 'end')]))).toBe('train')
  })

  it('tells a falling loss from one that stands', () => {
    const losses = [5, 5, 5, 2, 2, 2]
    expect(lossTrend(losses.map((loss, index) => step(index, index, loss)))).toBe('falling')
    expect(lossTrend(losses.map((_, index) => step(index, index, 1)))).toBe('steady')
    expect(lossTrend([step(0, 1, 5), step(1, 2, 1)])).toBe('steady')
  })
})
