import type { ConversationRecord } from '../contracts/conversation.ts'
import type { ConversationOptions, VersionRecord } from '../contracts/version.ts'
import { conversationRecord, type RenderProblem, renderConversation } from '../grounding/conversation.ts'

export interface RenderedRecord {
  /** Null when nothing of it can be asked. */
  record: ConversationRecord | null
  problems: RenderProblem[]
}

/**
 * One frozen record as the line that export writes.
 * @param id number of the record within its version
 * @param nameOf path of an image inside the export, from the hash of its bytes
 */
export function renderRecord(
  record: VersionRecord,
  id: number,
  options: ConversationOptions,
  nameOf: (image: { sha256: string; fileName: string; mediaType: string }) => string,
): RenderedRecord {
  if (record.kind === 'conversation') {
    const images = record.images.map(nameOf)
    const [only] = images
    const image = images.length > 1 ? { image: images } : only ? { image: only } : {}
    return { record: { id, ...image, conversations: record.turns }, problems: [] }
  }
  const rendered = renderConversation(record.expressions, record, options)
  if (rendered.turns.length === 0) return { record: null, problems: rendered.problems }
  const { width, height } = record
  return {
    record: conversationRecord({ id, image: nameOf(record), width, height }, rendered),
    problems: rendered.problems,
  }
}
