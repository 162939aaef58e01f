import type { BoxId, ExpressionId } from '../../../server/contracts/ids.ts'
import type { Ids } from './edit.ts'

/** 16 letters and digits. `crypto.randomUUID` is missing on plain http in a local network. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('')
}

export const randomIds: Ids = {
  box: () => `b_${randomId()}` as BoxId,
  expression: () => `e_${randomId()}` as ExpressionId,
}
