import { Assistant, type LoadProgress } from '../assist/assistant.ts'

export interface Bundle {
  url: string
  /** Changes with its content: a bundle that was made anew is loaded anew. */
  version: string
}

/** One model at a time: each holds its weights in memory. */
let kept: { key: string; assistant: Assistant } | null = null

/**
 * The model, loaded or still at hand from the image before.
 * @throws AssistError
 */
export async function keepModel(
  { url, version }: Bundle,
  options: { onProgress: (progress: LoadProgress) => void; signal: AbortSignal },
): Promise<Assistant> {
  const key = `${url} ${version}`
  if (kept?.key === key) return kept.assistant
  closeModel()
  const assistant = await Assistant.open(url, options)
  // Another one may have come to be kept meanwhile.
  closeModel()
  kept = { key, assistant }
  return assistant
}

export function closeModel(): void {
  kept?.assistant.close()
  kept = null
}
