import { describe, expect, it } from 'vitest'
import type { EvalEvent, RunEvent, StepEvent } from '../../server/contracts/run-events.ts'
import { bestStep, EMPTY_HISTORY, foldEvents, lossTrend, openStage } from './fold-events.ts'

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

function example(seq: number, number: number, index: number, text = 'a'): RunEvent {
  const place = { dataset: 'val', index, image: 'images/a.png', expression: 'the red' }
  return { type: 'example', seq, time, step: number, ...place, text, boxes: [], truth: [] }
}

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

  it('gathers the examples of each evaluation, and one that is asked again counts once', () => {
    const shown = foldEvents(EMPTY_HISTORY, [example(0, 2, 0), example(1, 2, 1), example(2, 4, 0)])
    expect(shown.examples.map(({ step, examples }) => [step, examples.length])).toEqual([
      [2, 2],
      [4, 1],
    ])
    const again = foldEvents(shown, [step(3, 2), example(4, 2, 1, 'better')])
    expect(again.examples.map(({ examples }) => examples.map(({ text }) => text))).toEqual([['a', 'better']])
  })

  it('keeps adjustments and checkpoints of what really happened', () => {
    const change = { key: 'train.micro_batch_size', from: 4, to: 2, reason: 'out of memory' }
    const history = foldEvents(EMPTY_HISTORY, [
      step(0, 1),
      { type: 'adjustment', seq: 1, time, step: 1, ...change },
      { type: 'checkpoint', seq: 2, time, step: 1, path: 'checkpoints/step-000001' },
      step(3, 2),
      { type: 'checkpoint', seq: 4, time, step: 2, path: 'checkpoints/step-000002' },
    ])
    expect(history.adjustments).toMatchObject([change])
    expect(history.checkpoints).toEqual([1, 2])
    expect(foldEvents(history, [step(5, 1)]).checkpoints).toEqual([1])
  })

  it('knows a quiet run by its heartbeat, and does not list each of them', () => {
    const beat: RunEvent = { type: 'heartbeat', seq: 1, time, stage: 'load', quiet_seconds: 60 }
    const quiet = foldEvents(EMPTY_HISTORY, [stage(0, 'train', 'begin'), beat])
    expect(quiet.heartbeat).toEqual(beat)
    expect(quiet.events).toHaveLength(1)
    expect(foldEvents(quiet, [step(2, 1)]).heartbeat).toBeNull()
  })

  it('calls an evaluation best as the trainer does: a later equal one is not better', () => {
    const of = (...values: [number, number, number][]) => ({
      evals: values.map(([at, loss, f1], seq) => ({
        ...evaluation(seq, at),
        loss,
        metrics: { precision_at_1: 0, precision: 0, recall: 0, f1, mean_iou: 0, parse_failure_rate: 0 },
      })),
    })
    expect(bestStep({ evals: [] }, 'loss')).toBeNull()
    expect(bestStep(of([10, 3, 0.1], [20, 2, 0.4], [30, 2, 0.3]), 'loss')).toBe(20)
    expect(bestStep(of([10, 3, 0.1], [20, 2, 0.4], [30, 1, 0.4]), 'f1')).toBe(20)
    expect(bestStep({ evals: [evaluation(0, 10)] }, 'f1')).toBeNull()
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
