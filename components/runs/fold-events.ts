import type { RunConfig } from '../../server/contracts/run-config.ts'
import type { EvalEvent, RunEvent, StepEvent } from '../../server/contracts/run-events.ts'

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>
export type StageName = EventOf<'stage'>['name']

export interface ExampleGroup {
  step: number
  examples: EventOf<'example'>[]
}

export interface StageSpan {
  name: StageName
  begin: string
  end: string | null
}

/** All that the page shows of a run's events. */
export interface RunHistory {
  /** One point a step, in order; a resume from an earlier checkpoint takes back the steps behind it. */
  steps: StepEvent[]
  evals: EvalEvent[]
  /** Steps with a checkpoint, in order; older ones may be gone from the disk since. */
  checkpoints: number[]
  /** Answers to held-out questions, by the step they were given after, in order. */
  examples: ExampleGroup[]
  /** Settings that the run changed by itself, in order. */
  adjustments: EventOf<'adjustment'>[]
  stages: StageSpan[]
  summary: EventOf<'ledger'>['summary'] | null
  /** Every event as it came, for the list. */
  events: RunEvent[]
  /** When the trainer last said anything, by its own clock, and the heartbeat if that was it. */
  lastTime: string | null
  heartbeat: EventOf<'heartbeat'> | null
  lastSeq: number
  skipped: number
}

export const EMPTY_HISTORY: RunHistory = {
  steps: [],
  evals: [],
  checkpoints: [],
  examples: [],
  adjustments: [],
  stages: [],
  summary: null,
  events: [],
  lastTime: null,
  heartbeat: null,
  lastSeq: -1,
  skipped: 0,
}

/** Adds a batch; events that were seen already (a reconnect sent them again) change nothing. */
export function foldEvents(history: RunHistory, batch: readonly RunEvent[], skipped = 0): RunHistory {
  const fresh = batch.filter(({ seq }) => seq > history.lastSeq)
  if (fresh.length === 0) return skipped === 0 ? history : { ...history, skipped: history.skipped + skipped }
  const next: RunHistory = {
    ...history,
    steps: [...history.steps],
    evals: [...history.evals],
    checkpoints: [...history.checkpoints],
    examples: [...history.examples],
    adjustments: [...history.adjustments],
    stages: [...history.stages],
    // A heartbeat says only that nothing else was said; a night of them would fill the list.
    events: [...history.events, ...fresh.filter(({ type }) => type !== 'heartbeat')],
    lastTime: fresh.at(-1)?.time ?? history.lastTime,
    heartbeat: heartbeatOf(fresh.at(-1)),
    lastSeq: fresh.at(-1)?.seq ?? history.lastSeq,
    skipped: history.skipped + skipped,
  }
  for (const event of fresh) addEvent(next, event)
  return next
}

function heartbeatOf(event: RunEvent | undefined): EventOf<'heartbeat'> | null {
  return event?.type === 'heartbeat' ? event : null
}

function addEvent(next: RunHistory, event: RunEvent): void {
  switch (event.type) {
    case 'step':
      addInOrder(next.steps, event)
      // A new attempt begins behind its checkpoint: what the lost attempt did after it did not happen.
      dropAfter(next.evals, event.step)
      dropAfter(next.examples, event.step)
      dropAfter(next.adjustments, event.step)
      next.checkpoints = next.checkpoints.filter((step) => step <= event.step)
      break
    case 'eval':
      addInOrder(next.evals, event)
      break
    case 'checkpoint':
      next.checkpoints = [...next.checkpoints.filter((step) => step < event.step), event.step]
      break
    case 'example':
      addExample(next.examples, event)
      break
    case 'adjustment':
      next.adjustments.push(event)
      break
    case 'stage':
      addStage(next.stages, event)
      break
    case 'ledger':
      if (event.summary) next.summary = event.summary
      break
  }
}

/** The examples of an evaluation come one by one; one that is made again replaces what was there. */
function addExample(groups: ExampleGroup[], event: EventOf<'example'>): void {
  dropAfter(groups, event.step)
  const last = groups.at(-1)
  if (last?.step !== event.step) {
    groups.push({ step: event.step, examples: [event] })
    return
  }
  const others = last.examples.filter(
    (one) =>
      one.dataset !== event.dataset || one.index !== event.index || one.expression !== event.expression,
  )
  groups[groups.length - 1] = { step: event.step, examples: [...others, event] }
}

/**
 * The evaluation that the trainer calls best, by its own rule: the first that no later one was better than.
 * @returns its step, or null before the first evaluation
 */
export function bestStep(
  { evals }: Pick<RunHistory, 'evals'>,
  metric: RunConfig['evaluate']['metric'],
): number | null {
  const valued = evals.flatMap(({ step, loss, metrics }) => {
    const value = metric === 'loss' ? -loss : metrics?.[metric]
    return value === undefined ? [] : [{ step, value }]
  })
  return (
    valued.reduce<{ step: number; value: number } | null>(
      (best, one) => (best === null || one.value > best.value ? one : best),
      null,
    )?.step ?? null
  )
}

function addInOrder<T extends { step: number }>(points: T[], point: T): void {
  dropAfter(points, point.step - 1)
  points.push(point)
}

function dropAfter(points: { step: number }[], step: number): void {
  while ((points.at(-1)?.step ?? Number.NEGATIVE_INFINITY) > step) points.pop()
}

function addStage(stages: StageSpan[], event: EventOf<'stage'>): void {
  const { name, time, state } = event
  if (state === 'begin') {
    stages.push({ name, begin: time, end: null })
    return
  }
  const open = stages.findLastIndex((stage) => stage.name === name && stage.end === null)
  const stage = stages[open]
  if (stage) stages[open] = { ...stage, end: time }
}

/** The stage that has begun and not ended, or null. Evaluations happen inside the training. */
export function openStage({ stages }: RunHistory): StageName | null {
  return stages.findLast((stage) => stage.end === null)?.name ?? null
}

/** Where the loss goes: the mean of the last tenth against the tenth before it. */
export function lossTrend(steps: readonly StepEvent[]): 'falling' | 'rising' | 'steady' {
  const window = Math.max(3, Math.floor(steps.length / 10))
  if (steps.length < 2 * window) return 'steady'
  const now = mean(steps.slice(-window))
  const before = mean(steps.slice(-2 * window, -window))
  if (now < before * 0.98) return 'falling'
  return now > before * 1.02 ? 'rising' : 'steady'
}

function mean(steps: readonly StepEvent[]): number {
  return steps.reduce((sum, { loss }) => sum + loss, 0) / steps.length
}
