import path from 'node:path'
import { ArtefactFile, type ArtefactKind, ParityReport } from '../contracts/artefact.ts'
import { StudioError } from '../errors.ts'
import type { Studio } from '../studio.ts'
import { runFiles } from './run-files.ts'

export interface OpenArtefact {
  /** Folder of the files on this server. */
  folder: string
  files: ArtefactFile[]
  /** What manifest.json says: every file with size and hash, and how it was tested. */
  manifest: string
  /** What a download of all is called: `run-3-merged`. */
  name: string
}

/** @throws StudioError NOT_FOUND when the run has made no such artefact */
export async function openArtefact(studio: Studio, runId: string, kind: ArtefactKind): Promise<OpenArtefact> {
  const row = await studio.db.artefact.findUnique({
    where: { runId_kind: { runId, kind } },
    select: { path: true, files: true, parity: true, run: { select: { number: true, name: true } } },
  })
  if (!row) {
    throw new StudioError('NOT_FOUND', { message: `This run has no artefact "${kind}" (yet).` })
  }
  const { folder } = runFiles(studio.paths, runId)
  const target = path.resolve(folder, row.path)
  if (!target.startsWith(folder + path.sep)) {
    throw new StudioError('NOT_FOUND', { message: 'The artefact lies outside the folder of its run.' })
  }
  const files = ArtefactFile.array().parse(row.files)
  const parity = row.parity === null ? null : ParityReport.parse(row.parity)
  const { number, name } = row.run
  const manifest = { schema_version: 1, run: { id: runId, number, name }, kind, files, parity }
  return {
    folder: target,
    files,
    manifest: `${JSON.stringify(manifest, null, 2)}\n`,
    name: `run-${number}-${kind}`,
  }
}
