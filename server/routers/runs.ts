import { tracked } from '@trpc/server'
import { z } from 'zod'
import { requireOwned } from '../auth/resource.ts'
import { BaseModelId, ProjectId } from '../contracts/ids.ts'
import { PredictionModel } from '../contracts/prediction.ts'
import { RunInput, StartRun, StopRun } from '../contracts/run.ts'
import { newestTask, queueTask } from '../jobs/queue-task.ts'
import { machine } from '../runs/choose-device.ts'
import { deleteRun } from '../runs/delete-run.ts'
import { forecastRun } from '../runs/forecast-run.ts'
import { liveLog, readLog } from '../runs/live-log.ts'
import { liveRun } from '../runs/live-run.ts'
import { liveRuns } from '../runs/live-runs.ts'
import { previewRun } from '../runs/preview-run.ts'
import { resumeRun } from '../runs/resume-run.ts'
import { findRun, listRuns } from '../runs/run-card.ts'
import { startRun } from '../runs/start-run.ts'
import { stopRun } from '../runs/stop-run.ts'
import { procedure, projectProcedure, router } from '../trpc.ts'

/** The id of the last message a subscriber has got: a byte position. The browser sends it when it reconnects. */
const lastEventId = z.string().regex(/^\d+$/).nullish()

export const runsRouter = router({
  list: projectProcedure('project.read')
    .input(z.object({ projectId: ProjectId }))
    .query(({ ctx, input }) => listRuns(ctx, input.projectId)),

  /** The list, anew whenever something in it changes. */
  live: projectProcedure('project.read')
    .input(z.object({ projectId: ProjectId }))
    .subscription(async function* ({ ctx, input, signal }) {
      yield* liveRuns(ctx, input.projectId, signal ?? NEVER)
    }),

  byId: procedure.input(RunInput).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
    return findRun(ctx, input.runId)
  }),

  /** What this server can run on; tells nothing about any project. */
  machine: procedure.query(({ ctx }) => machine(ctx.db)),

  /** What a start would do, without doing it. */
  preview: projectProcedure('runs.start')
    .input(StartRun)
    .query(({ ctx, input }) => previewRun(ctx, input)),

  /**
   * What it would take, by the trainer's own estimate: one message, some seconds after the question. A subscription,
   * so that nothing else waits for it in a batch, and whoever asks something new ends the old question.
   */
  forecast: projectProcedure('runs.start')
    .input(StartRun)
    .subscription(async function* ({ ctx, input, signal }) {
      const forecast = await forecastRun(ctx, input, signal ?? NEVER).catch((error: unknown) => {
        // The sheet was closed or asks something else: that is how most questions end, not an error.
        if (signal?.aborted) return null
        throw error
      })
      if (forecast) yield forecast
    }),

  start: projectProcedure('runs.start')
    .input(StartRun)
    .mutation(async ({ ctx, input }) => ({ runId: await startRun(ctx, input, ctx.viewer.id) })),

  stop: procedure.input(StopRun).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'runs.stop')
    await stopRun(ctx.db, input.runId, input.mode)
  }),

  resume: procedure.input(RunInput).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'runs.start')
    await resumeRun(ctx.db, input.runId)
  }),

  delete: procedure.input(RunInput).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.manage')
    await deleteRun(ctx, input.runId)
  }),

  /** The run's row and its events; survives a reload and a restart of web and worker. */
  events: procedure.input(RunInput.extend({ lastEventId })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
    const from = Number(input.lastEventId ?? 0)
    for await (const { position, message } of liveRun(ctx, input.runId, from, signal ?? NEVER)) {
      yield tracked(String(position), message)
    }
  }),

  liveLog: procedure.input(RunInput.extend({ lastEventId })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
    const from = input.lastEventId ? Number(input.lastEventId) : null
    for await (const { position, ...piece } of liveLog(ctx, input.runId, from, signal ?? NEVER)) {
      yield tracked(String(position), piece)
    }
  }),

  /** The log before a position, for scrolling back. */
  log: procedure
    .input(RunInput.extend({ end: z.number().int().min(0).nullable() }))
    .query(async ({ ctx, input }) => {
      await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
      return readLog(ctx, input.runId, input.end)
    }),

  /** Asks the worker for predictions on the validation images, made on the server. */
  predict: procedure.input(RunInput.extend({ model: PredictionModel })).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'predictions.write')
    return queueTask(ctx.db, { kind: 'predict', ...input })
  }),

  /** Asks the worker for the browser bundle of the base of this run. */
  exportBase: procedure.input(RunInput).mutation(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'predictions.write')
    const { baseModel } = await findRun(ctx, input.runId)
    return queueTask(ctx.db, { kind: 'export-base', baseModelId: BaseModelId.parse(baseModel.id) })
  }),

  /** How the work asked for by `predict` and `exportBase` goes; null = never asked for. */
  tasks: procedure.input(RunInput).query(async ({ ctx, input }) => {
    await requireOwned(ctx.db, ctx.viewer, 'run', input.runId, 'project.read')
    const { runId } = input
    const { baseModel } = await findRun(ctx, runId)
    return {
      exportBase: await newestTask(ctx.db, {
        kind: 'export-base',
        baseModelId: BaseModelId.parse(baseModel.id),
      }),
      predictBase: await newestTask(ctx.db, { kind: 'predict', runId, model: 'base' }),
      predictTuned: await newestTask(ctx.db, { kind: 'predict', runId, model: 'tuned' }),
    }
  }),
})

/** For callers without a connection that could end. */
const NEVER = new AbortController().signal
