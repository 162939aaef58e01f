import type { TRPCDataTransformer } from '@trpc/server'
import superjson, { type SuperJSONResult } from 'superjson'
import { isPlainJson } from '../../server/contracts/plain-json.ts'

/**
 * What the server speaks too: superjson, which carries dates and the like. It copies everything once more, so it is
 * left out where there is nothing but JSON, as in the 5,000 boxes of an image.
 */
export const transformer: TRPCDataTransformer = {
  serialize: (value) => (isPlainJson(value) ? { json: value } : superjson.serialize(value)),
  deserialize: (sent: SuperJSONResult) => (sent.meta ? superjson.deserialize(sent) : sent.json),
}
