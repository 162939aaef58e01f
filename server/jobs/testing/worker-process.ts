import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { RunStatus } from '../../contracts/run.ts'
import type { RunEvent } from '../../contracts/run-events.ts'
import { RunReason } from '../../contracts/run-reason.ts'
import { environmentSubset } from '../../env.ts'
import { lastEvents } from '../../runs/last-events.ts'
import { runFiles } from '../../runs/run-files.ts'
import type { Studio } from '../../studio.ts'
import { waitFor } from './wait-for.ts'

const DOUBLE = path.join(import.meta.dirname, 'trainer-double.mjs')

export interface WorkerProcess {
  child: ChildProcess
  /** Ends the worker with a signal and waits until it is gone. */
  end: (signal: NodeJS.Signals) => Promise<void>
}

/** The worker as `npm start` runs it, on the data of a test. */
export function startWorker(
  studio: Studio,
  options: { python?: string; environment?: Record<string, string> } = {},
): WorkerProcess {
  const environment: Record<string, string> = {
    ...environmentSubset(() => true),
    REFBOX_DATA: studio.paths.root,
    REFBOX_PYTHON: options.python ?? DOUBLE,
    OMP_NUM_THREADS: '1',
    ...options.environment,
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/jobs/worker.ts'], {
    env: environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      if (code) console.error(`The worker ended with ${code}: ${said}`)
      resolve()
    })
  })
  return {
    child,
    end: async (signal) => {
      child.kill(signal)
      await gone
    },
  }
}

/** Waits for a status of a run and gives its row with the reason as data. */
export async function waitForStatus(studio: Studio, runId: string, status: RunStatus, seconds = 60) {
  const row = await waitFor(
    `run to be ${status}`,
    async () => {
      const run = await studio.db.run.findUniqueOrThrow({ where: { id: runId } })
      return run.status === status && run
    },
    seconds,
  )
  return { ...row, reason: row.reason === null ? null : RunReason.parse(JSON.parse(row.reason)) }
}

export async function eventsOf(studio: Studio, runId: string): Promise<RunEvent[]> {
  return lastEvents(runFiles(studio.paths, runId).events, 1_000_000)
}

/** How often a trainer was really started for this run. */
export async function launches(studio: Studio, runId: string): Promise<number> {
  const events = await eventsOf(studio, runId)
  return events.filter((event) => event.type === 'stage' && event.name === 'train' && event.state === 'begin')
    .length
}
