import type { RouterOutputs } from '../trpc/client.tsx'

export type AssistModel = RouterOutputs['suggestions']['models'][number]

/** What was chosen last, if it is still there; else the newest tuned model that runs in the browser, else a base. */
export function chosenModel(models: readonly AssistModel[], stored: string | null): AssistModel | undefined {
  const usable = models.filter((model) => model.bundle !== null || model.ref.kind === 'base')
  return (
    usable.find(({ key }) => key === stored) ??
    usable.find(({ bundle, ref }) => bundle !== null && ref.kind === 'tuned') ??
    usable.find(({ bundle, bundled }) => bundle !== null && bundled) ??
    usable.find(({ bundled }) => bundled) ??
    usable[0]
  )
}

const storageKey = (projectId: string) => `refbox-assist-model/${projectId}`

export function readChoice(projectId: string): string | null {
  return localStorage.getItem(storageKey(projectId))
}

export function keepChoice(projectId: string, key: string): void {
  localStorage.setItem(storageKey(projectId), key)
}
