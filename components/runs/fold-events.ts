import type { EvalEvent, RunEvent, StepEvent } from '../../server/contracts/run-events.ts'

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>
export type StageName = EventOf<'stage'>['name']

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
  stages: StageSpan[]
  summary: EventOf<'ledger'>['summary'] | null
  /** Every event as it came, for the list. */
  events: RunEvent[]
  lastSeq: number
  skipped: number
}

export const EMPTY_HISTORY: RunHistory = {
  steps: [],
  evals: [],
  stages: [],
  summary: null,
  events: [],
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
    stages: [...history.stages],
    events: [...history.events, ...fresh],
    lastSeq: fresh.at(-1)?.seq ?? history.lastSeq,
    skipped: history.skipped + skipped,
  }
  for (const event of fresh) {
    if (event.type === 'step') addInOrder(next.steps, event)
    else if (event.type === 'eval') addInOrder(next.evals, event)
    else if (event.type === 'stage') addStage(next.stages, event)
    else if (event.type === 'ledger' && event.summary) next.summary = event.summary
    // A new attempt begins behind its checkpoint: what the lost attempt did after it did not happen.
    if (event.type === 'step') dropAfter(next.evals, event.step)
  }
  return next
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
