import { setTimeout as sleep } from 'node:timers/promises'
import type { Studio } from '../studio.ts'
import { listRuns, type RunCard } from './run-card.ts'

const LOOK_EVERY_MS = 1_000

/** The runs of a project whenever something in the list has changed. */
export async function* liveRuns(
  studio: Studio,
  projectId: string,
  signal: AbortSignal,
): AsyncGenerator<RunCard[]> {
  let shown = ''
  while (!signal.aborted) {
    const runs = await listRuns(studio, projectId)
    const state = JSON.stringify(runs)
    if (state !== shown) yield runs
    shown = state
    // The page was left: that is how every subscription ends, not an error.
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
