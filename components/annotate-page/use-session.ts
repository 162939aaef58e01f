import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { ImageId, ProjectId } from '../../server/contracts/ids.ts'
import { browserPendingStore } from '../annotator/sync/pending-store.ts'
import { Session } from '../annotator/sync/session.ts'
import { useViewer } from '../app-shell/viewer.tsx'
import { type RouterOutputs, useTRPC, useTRPCClient } from '../trpc/client.tsx'
import { outcomeOfError } from './save-outcome.ts'
import { flushSessions, rememberActive, sessionFor, sessionKey } from './session-cache.ts'
import { usePatchOpened } from './use-patch-opened.ts'

export type Opened = RouterOutputs['annotations']['open']

/** The editing session of the opened image, tied to the server and to the life of the page. */
export function useImageSession(opened: Opened, openedAt: number): Session {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const patchOpened = usePatchOpened()
  const viewer = useViewer()
  const imageId = ImageId.parse(opened.image.id)

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was opened is where a session begins; it goes on by itself
  const session = useMemo(() => {
    return sessionFor(sessionKey(viewer.id, imageId), (active) => {
      const projectId = ProjectId.parse(opened.image.projectId)
      const labels = trpc.labels.list.queryOptions({ projectId })
      const made: Session = new Session({
        image: opened.image,
        document: opened.document,
        revision: opened.image.revision,
        readOnly: !opened.mayWrite,
        active,
        save: ({ operationId, changes }) =>
          client.annotations.save
            .mutate({ imageId, operationId, changes: [...changes] })
            .then((saved) => ({ kind: 'saved', ...saved }) as const, outcomeOfError),
        catchUp: ({ after, operations }) => client.annotations.catchUp.query({ imageId, after, operations }),
        onRevision: ({ revision, status }) => {
          patchOpened(imageId, status ? { revision, status } : { revision })
          // Lists elsewhere ask again when they are shown.
          void queries.invalidateQueries({ queryKey: trpc.images.pathKey(), refetchType: 'none' })
          // A class that was named for the first time is one of the project's from now on, with or without this box.
          const known = new Set(queries.getQueryData(labels.queryKey)?.map(({ name }) => name))
          const { expressions } = made.editor.getState().doc
          if ([...expressions.values()].some(({ kind, text }) => kind === 'class' && !known.has(text))) {
            void queries.invalidateQueries({ queryKey: labels.queryKey })
          }
        },
        store: browserPendingStore(viewer.id, imageId),
      })
      void made.recover()
      return made
    })
  }, [viewer.id, imageId])

  useEffect(() => {
    // The answer may come from the prefetch, or from an earlier visit.
    if (Date.now() - openedAt > 2_000) void session.refresh()
  }, [session, openedAt])
  useEffect(() => session.editor.subscribe(() => rememberActive(session.editor.getState().active)), [session])
  useEffect(() => followPage(session), [session])
  return session
}

/** Saves when the page is hidden or left, retries when the network is back, refreshes when it is seen again. */
function followPage(session: Session): () => void {
  const onVisibility = () => (document.hidden ? flushSessions() : void session.refresh())
  const onLeave = (event: BeforeUnloadEvent) => {
    flushSessions()
    // Only where the browser could not keep the work itself is there anything to lose.
    if (session.getState().unkept) event.preventDefault()
  }
  document.addEventListener('visibilitychange', onVisibility)
  window.addEventListener('online', flushSessions)
  window.addEventListener('pagehide', flushSessions)
  window.addEventListener('beforeunload', onLeave)
  return () => {
    session.flush()
    document.removeEventListener('visibilitychange', onVisibility)
    window.removeEventListener('online', flushSessions)
    window.removeEventListener('pagehide', flushSessions)
    window.removeEventListener('beforeunload', onLeave)
  }
}
