import { z } from 'zod'
import { CheckProblem } from './run-events.ts'

/** A checkpoint to go on from, or null when none was written yet. */
const checkpointStep = z.number().int().nullable()

/**
 * Why a run ended the way it did, as data, so that the page can say it in the reader's language.
 * The words are in the catalogue under `runs.reasons`.
 */
export const RunReason = z.discriminatedUnion('code', [
  /** The trainer said itself what went wrong. */
  z.object({
    code: z.literal('trainer'),
    /** The trainer's own code: out_of_memory, diverged, bad_data … */
    kind: z.string(),
    message: z.string(),
    whatToDo: z.string(),
    checkpointStep,
  }),
  /** The check before the start found errors; all of them are listed. */
  z.object({ code: z.literal('check'), problems: z.array(CheckProblem) }),
  /** The process ended with an exit code and no word in its events. */
  z.object({ code: z.literal('exit'), exitCode: z.number().int(), checkpointStep }),
  /** The process is gone without a word. The signal is known only if the worker was there to see it. */
  z.object({ code: z.literal('lost'), signal: z.string().nullable(), checkpointStep }),
  /** The process could not be started at all. */
  z.object({ code: z.literal('launch'), message: z.string() }),
  /** Stopped by a person: before there was a process, after saving, or at once. */
  z.object({ code: z.literal('stoppedBeforeStart') }),
  z.object({ code: z.literal('stoppedSaved'), checkpointStep }),
  z.object({ code: z.literal('stoppedNow'), checkpointStep }),
])
export type RunReason = z.infer<typeof RunReason>
