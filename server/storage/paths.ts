import path from 'node:path'

/** Where everything lies in one data folder. Nothing of the studio's is written outside it. */
export interface DataPaths {
  root: string
  database: string
  blobs: string
  thumbnails: string
  /** Of pictures too large to be shown in one piece; may be deleted, they are made again. */
  tiles: string
  runs: string
  models: string
  /** Questions and answers of prelabellings that are not over. */
  prelabels: string
  /** Half-written uploads and downloads; emptied at start. */
  temporary: string
  /** Session secret of this installation. */
  secret: string
}

export function dataPaths(root: string): DataPaths {
  return {
    root,
    database: path.join(root, 'refbox.db'),
    blobs: path.join(root, 'blobs'),
    thumbnails: path.join(root, 'thumbnails'),
    tiles: path.join(root, 'tiles'),
    runs: path.join(root, 'runs'),
    models: path.join(root, 'models'),
    prelabels: path.join(root, 'prelabels'),
    temporary: path.join(root, 'tmp'),
    secret: path.join(root, 'secret'),
  }
}

/** Folder of one run: run.json, events.jsonl, log.txt, checkpoints/, artefacts/, predictions/. */
export function runFolder(paths: DataPaths, runId: string): string {
  return path.join(paths.runs, runId)
}
