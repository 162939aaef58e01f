import type { Prisma } from '../../prisma/generated/client.ts'
import { ArtefactFile, ArtefactKind, ParityReport } from '../contracts/artefact.ts'
import { BaseModelInfo, RunPreset, RunStatus, StopMode } from '../contracts/run.ts'
import { RunConfig } from '../contracts/run-config.ts'
import { RunReason } from '../contracts/run-reason.ts'
import type { Database } from '../db/client.ts'
import { StudioError } from '../errors.ts'
import { ACTIVE } from '../jobs/claim.ts'
import { shareDevice } from '../jobs/run-devices.ts'
import type { Studio } from '../studio.ts'
import { lastEvents } from './last-events.ts'
import { checkpointSteps, runFiles } from './run-files.ts'
import { withoutServerPaths } from './without-server-paths.ts'

const CARD = {
  id: true,
  number: true,
  name: true,
  status: true,
  reason: true,
  stopRequest: true,
  device: true,
  config: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  position: true,
  baseModel: { select: { id: true, name: true } },
  datasets: { select: { repeatTime: true, version: { select: { id: true, number: true, name: true } } } },
} satisfies Prisma.RunSelect

type Row = Prisma.RunGetPayload<{ select: typeof CARD }>

/** One line of the runs list. */
export type RunCard = ReturnType<typeof toCard> & { progress: RunProgress | null }

export interface RunProgress {
  step: number
  totalSteps: number
  loss: number
  secondsLeft: number
  /** Of the last evaluation, or null before the first. */
  precisionAt1: number | null
}

function toCard(studio: Studio, { config, reason, status, stopRequest, ...row }: Row) {
  const { method, freeze } = RunConfig.parse(config)
  return {
    ...row,
    status: RunStatus.parse(status),
    stopRequest: stopRequest === null ? null : StopMode.parse(stopRequest),
    reason: reason === null ? null : RunReason.parse(JSON.parse(withoutServerPaths(studio, reason))),
    preset: RunPreset.parse(method.kind === 'full' ? 'full' : freeze.projector ? 'lora' : 'lora-projector'),
  }
}

/** The runs of a project, newest first, with the last step of those that have one. */
export async function listRuns(studio: Studio, projectId: string): Promise<RunCard[]> {
  const rows = await studio.db.run.findMany({
    where: { projectId },
    orderBy: { number: 'desc' },
    select: CARD,
  })
  return Promise.all(
    rows.map(async (row) => ({ ...toCard(studio, row), progress: await readProgress(studio, row.id) })),
  )
}

/** The last step and the last evaluation stand near the end; a list must not read whole files. */
const TAIL_BYTES = 64 * 1024

async function readProgress({ paths }: Studio, runId: string): Promise<RunProgress | null> {
  const events = await lastEvents(runFiles(paths, runId).events, TAIL_BYTES)
  const last = events.findLast((event) => event.type === 'step')
  const evaluation = events.findLast((event) => event.type === 'eval' && event.metrics !== null)
  if (!last) return null
  return {
    step: last.step,
    totalSteps: last.total_steps,
    loss: last.loss,
    secondsLeft: last.seconds_left,
    precisionAt1: evaluation?.type === 'eval' ? (evaluation.metrics?.precision_at_1 ?? null) : null,
  }
}

/** A run with all its page shows besides events and log. */
export type RunDetail = Awaited<ReturnType<typeof findRun>>

/** @throws StudioError NOT_FOUND */
export async function findRun(studio: Studio, runId: string) {
  const row = await studio.db.run.findUnique({
    where: { id: runId },
    select: {
      ...CARD,
      projectId: true,
      baseModel: { select: { id: true, name: true, info: true } },
      artefacts: { select: { kind: true, files: true, parity: true, createdAt: true } },
    },
  })
  if (!row) throw new StudioError('NOT_FOUND', { message: 'There is no such run any more.' })
  const { artefacts, projectId, baseModel, ...card } = row
  const config = RunConfig.parse(row.config)
  const checkpoints = await checkpointSteps(runFiles(studio.paths, runId))
  return {
    ...toCard(studio, { ...card, baseModel }),
    projectId,
    baseModel: { id: baseModel.id, name: baseModel.name, info: BaseModelInfo.parse(baseModel.info) },
    config: { ...config, model: { path: withoutServerPaths(studio, config.model.path) } },
    checkpointStep: checkpoints.at(-1) ?? null,
    /** What is on the disk now, in order: the newest ones, and the best if it is kept. */
    checkpointSteps: checkpoints,
    queuedBefore: row.status === 'queued' ? await countBefore(studio.db, row.device, row.position) : 0,
    artefacts: artefacts.map((artefact) => ({
      kind: ArtefactKind.parse(artefact.kind),
      files: ArtefactFile.array().parse(artefact.files),
      parity: artefact.parity === null ? null : ParityReport.parse(artefact.parity),
      createdAt: artefact.createdAt,
    })),
  }
}

/** Runs that hold one of its devices, or wait for one and stand before this run. */
async function countBefore(db: Database, device: string, position: number): Promise<number> {
  const others = await db.run.findMany({
    where: {
      OR: [{ status: { in: ACTIVE } }, { status: 'queued', position: { lt: position } }],
    },
    select: { device: true },
  })
  return others.filter((other) => shareDevice(device, other.device)).length
}
