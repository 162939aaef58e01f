import { z } from 'zod'

/** One turn as the InternVL loader reads it. */
export const ConversationTurn = z.object({
  from: z.enum(['system', 'human', 'gpt']),
  value: z.string(),
})
export type ConversationTurn = z.infer<typeof ConversationTurn>

/** One line of the annotation file. Key order here is the key order of the export. */
export const ConversationRecord = z.object({
  id: z.union([z.number(), z.string()]),
  image: z.union([z.string(), z.array(z.string())]).optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  conversations: z.array(ConversationTurn).min(1),
})
export type ConversationRecord = z.infer<typeof ConversationRecord>

/** `--meta_path` of the original scripts: dataset name → entry. */
export const MetaEntry = z.object({
  root: z.string(),
  annotation: z.string(),
  data_augment: z.boolean(),
  repeat_time: z.number().positive(),
  length: z.number().int(),
})
export const MetaFile = z.record(z.string().min(1), MetaEntry)
export type MetaFile = z.infer<typeof MetaFile>
