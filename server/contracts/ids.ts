import { z } from 'zod'

/** Ids are made by `newId` of server/db/ids.ts, or by the client for boxes and expressions. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

export const ProjectId = id.brand<'ProjectId'>()
export type ProjectId = z.infer<typeof ProjectId>
export const ImageId = id.brand<'ImageId'>()
export type ImageId = z.infer<typeof ImageId>
export const ExpressionId = id.brand<'ExpressionId'>()
export type ExpressionId = z.infer<typeof ExpressionId>
export const BoxId = id.brand<'BoxId'>()
export type BoxId = z.infer<typeof BoxId>
export const VersionId = id.brand<'VersionId'>()
export type VersionId = z.infer<typeof VersionId>
export const RunId = id.brand<'RunId'>()
export type RunId = z.infer<typeof RunId>
export const BaseModelId = id.brand<'BaseModelId'>()
export type BaseModelId = z.infer<typeof BaseModelId>
export const UserId = id.brand<'UserId'>()
export type UserId = z.infer<typeof UserId>
export const LabelId = id.brand<'LabelId'>()
export type LabelId = z.infer<typeof LabelId>
export const AttributeId = id.brand<'AttributeId'>()
export type AttributeId = z.infer<typeof AttributeId>
export const BulkEditId = id.brand<'BulkEditId'>()
export type BulkEditId = z.infer<typeof BulkEditId>
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
