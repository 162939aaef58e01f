import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { ProjectId } from '../../server/contracts/ids.ts'
import type { Opened } from '../annotate-page/use-session.ts'
import type { Finder } from '../annotator/actions/action.ts'
import type { Entry } from '../annotator/document/edit.ts'
import type { Editor } from '../annotator/editor/editor.ts'
import { useStateOf } from '../annotator/editor/use-state-of.ts'
import { AssistError } from '../assist/assist-error.ts'
import type { LoadProgress } from '../assist/assistant.ts'
import type { Backend } from '../assist/messages.ts'
import { wait } from '../assist/wait.ts'
import { useTRPC } from '../trpc/client.tsx'
import { findEntries } from './find-entries.ts'
import type { AssistModel } from './model-choice.ts'
import { closeModel, keepModel } from './model-keeper.ts'
import { isBeingMade, type Models, useModels } from './use-models.ts'

/** Milliseconds between two looks at whether a bundle is there. */
const WAIT_FOR_BUNDLE_MS = 1_500

export type FindState =
  | { phase: 'idle' }
  | { phase: 'making'; model: string }
  | ({ phase: 'loading'; model: string } & LoadProgress)
  | { phase: 'asking'; model: string; text: string; done: number; total: number; backend: Backend }
  | { phase: 'done'; model: string; count: number; milliseconds: number; backend: Backend }
  | { phase: 'failed'; error: unknown }

const IDLE: FindState = { phase: 'idle' }

export interface Finding extends Models {
  /** Null = this person may not change anything here, or there is no model at all. */
  finder: Finder | null
  state: FindState
}

/** Runs a model in this tab on the open image. Going to another image ends it; what was found stays. */
export function useFinder(editor: Editor, opened: Opened, imageUrl: string): Finding {
  const { image, settings, mayWrite } = opened
  const models = useModels(image.projectId)
  const { chosen } = models
  const provideBundle = useProvideBundle(image.projectId, models)
  const [state, setState] = useStateOf<FindState>(editor, IDLE)
  const running = useRef<AbortController | null>(null)

  const cancel = useCallback(() => {
    const wasRunning = running.current !== null
    running.current?.abort()
    running.current = null
    if (wasRunning) setState(IDLE)
    return wasRunning
  }, [setState])
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the image that was asked about
  useEffect(
    () => () => {
      running.current?.abort()
      running.current = null
    },
    [editor],
  )

  const run = useCallback(
    async (entries: readonly Entry[], asked: AssistModel, signal: AbortSignal) => {
      const { name, key, ref } = asked
      const show = (next: FindState) => {
        if (!signal.aborted) setState(next)
      }
      if (!asked.bundle) show({ phase: 'making', model: name })
      const bundle = asked.bundle ?? (await provideBundle(asked, signal))
      const assistant = await keepModel(bundle, {
        onProgress: (progress) => show({ phase: 'loading', model: name, ...progress }),
        signal,
      })
      const { backend } = assistant
      const began = performance.now()
      await findEntries({
        ...{ editor, entries, imageUrl, signal },
        model: { key, name, runId: ref.kind === 'tuned' ? ref.runId : null },
        language: settings.promptLanguage,
        ask: (question) => assistant.ask(question, { signal }),
        onAsking: ({ text }, done) =>
          show({ phase: 'asking', model: name, text, done, total: entries.length, backend }),
      })
      show({
        ...{ phase: 'done', model: name, count: entries.length, backend },
        milliseconds: performance.now() - began,
      })
    },
    [editor, imageUrl, settings.promptLanguage, provideBundle, setState],
  )

  const find = useCallback(
    (entries: readonly Entry[]) => {
      if (!chosen || entries.length === 0) return
      running.current?.abort()
      const abort = new AbortController()
      running.current = abort
      run(entries, chosen, abort.signal)
        .catch((error: unknown) => {
          if (abort.signal.aborted) return
          // A runtime that has stopped once answers nothing any more.
          if (error instanceof AssistError && error.code === 'runtime') closeModel()
          setState({ phase: 'failed', error })
        })
        .finally(() => {
          if (running.current === abort) running.current = null
        })
    },
    [chosen, run, setState],
  )
  const isOffered = mayWrite && chosen !== undefined
  const finder = useMemo(() => (isOffered ? { find, cancel } : null), [isOffered, find, cancel])
  return { ...models, finder, state }
}

/** Waits until the model's bundle can be downloaded, and asks for it first where nobody has. */
function useProvideBundle(project: string, { make }: Models) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  return useCallback(
    async (model: AssistModel, signal: AbortSignal): Promise<NonNullable<AssistModel['bundle']>> => {
      const options = trpc.suggestions.models.queryOptions({ projectId: ProjectId.parse(project) })
      if (!isBeingMade(model)) make(model)
      for (let looks = 0; ; looks += 1) {
        await wait(WAIT_FOR_BUNDLE_MS, signal)
        const models = await queries.fetchQuery({ ...options, staleTime: 0 })
        const found = models.find(({ key }) => key === model.key)
        if (found?.bundle) return found.bundle
        // The first looks may still see the attempt before; later it has failed, or was never taken.
        if (!found || (looks > 1 && !isBeingMade(found))) {
          throw new AssistError('noBundle', found?.making?.reason ?? '')
        }
      }
    },
    [trpc, queries, project, make],
  )
}
