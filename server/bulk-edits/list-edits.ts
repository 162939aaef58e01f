import { BulkEditPayload, BulkEditResult, BulkEditStatus } from '../contracts/bulk-edit.ts'
import type { Database } from '../db/client.ts'

const SHOWN = 30

/** What an edit is about, as a page says it. */
export type BulkEditSubject =
  | { kind: 'rename-label' | 'rename-attribute'; from: string; to: string }
  | { kind: 'merge-label'; from: string; to: string; asDeletion: boolean }
  | { kind: 'delete-label' | 'clear-attribute' | 'rename-options'; name: string }
  | { kind: 'replace'; find: string; replace: string }

export interface BulkEditCard {
  id: string
  /** Of an undo: what it takes back. */
  subject: BulkEditSubject
  isUndo: boolean
  isUndone: boolean
  status: BulkEditStatus
  /** Images looked at, of so many. */
  done: number
  total: number
  result: BulkEditResult
  reason: string | null
  author: string | null
  createdAt: Date
  endedAt: Date | null
}

/** The newest changes over the project, the newest first. */
export async function listEdits(db: Database, projectId: string): Promise<BulkEditCard[]> {
  const rows = await db.bulkEdit.findMany({
    where: { projectId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: SHOWN,
    include: {
      author: { select: { name: true } },
      undoes: { select: { payload: true } },
      undoneBy: { select: { id: true } },
    },
  })
  return rows.flatMap((row) => {
    const payload = BulkEditPayload.parse(row.undoes?.payload ?? row.payload)
    if (payload.kind === 'undo') return []
    const { id, done, total, reason, createdAt, endedAt } = row
    return {
      ...{ id, reason, createdAt, endedAt },
      // Images may have come in since it was counted.
      ...{ done: Math.min(done, total), total },
      subject: subjectOf(payload),
      isUndo: row.undoesId !== null,
      isUndone: row.undoneBy !== null,
      status: BulkEditStatus.parse(row.status),
      result: BulkEditResult.parse(row.result),
      author: row.author?.name ?? null,
    }
  })
}

function subjectOf(payload: Exclude<BulkEditPayload, { kind: 'undo' }>): BulkEditSubject {
  switch (payload.kind) {
    case 'rename-label':
    case 'rename-attribute': {
      const { kind, from, to } = payload
      return { kind, from, to }
    }
    case 'merge-label': {
      const { kind, label, into, asDeletion } = payload
      return { kind, from: label.name, to: into, asDeletion }
    }
    case 'delete-label':
      return { kind: payload.kind, name: payload.label.name }
    case 'clear-attribute':
      return { kind: payload.kind, name: payload.attribute.name }
    case 'rename-options':
      return { kind: payload.kind, name: payload.name }
    case 'replace':
      return { kind: payload.kind, find: payload.search.find, replace: payload.search.replace }
  }
}
