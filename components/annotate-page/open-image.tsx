'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo } from 'react'
import { ImageId, ProjectId } from '../../server/contracts/ids.ts'
import type { ActionContext } from '../annotator/actions/action.ts'
import { Annotator } from '../annotator/annotator.tsx'
import { toDocument } from '../annotator/document/doc.ts'
import type { Note } from '../annotator/panels/note-panel.tsx'
import { useViewer } from '../app-shell/viewer.tsx'
import { useTRPC, useTRPCClient } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'
import { ImageHeader } from './image-header.tsx'
import { RefusedDialog } from './refused-dialog.tsx'
import { openSession, sessionKey } from './session-cache.ts'
import { type Opened, useImageSession } from './use-session.ts'

export interface OpenImageProps {
  opened: Opened
  /** Milliseconds since 1970. */
  openedAt: number
  goTo: (imageId: string) => void
}

const imageUrl = (imageId: string) => `/api/images/${imageId}`

/** One opened image: its header and its editor. */
export function OpenImage({ opened, openedAt, goTo }: OpenImageProps) {
  const t = useTranslations('annotator.header')
  const trpc = useTRPC()
  const session = useImageSession(opened, openedAt)
  const { image, place, mayWrite } = opened
  const projectId = ProjectId.parse(image.projectId)
  const labels = useQuery(trpc.labels.list.queryOptions({ projectId })).data ?? opened.labels
  const markDone = useMarkDone(image.id)
  const note = useNote(opened)
  const previousImage = usePreviousImage(place.previousId)
  usePrefetch(place.nextId)

  const goOn = useCallback((id: string | null) => (id === null ? null : () => goTo(id)), [goTo])
  const doneAndNext = useCallback(() => {
    markDone(true)
    if (place.nextId) goTo(place.nextId)
    else toast.success(t('last'))
  }, [markDone, goTo, place.nextId, t])

  return (
    <div className="flex h-full flex-col">
      <ImageHeader
        opened={opened}
        session={session}
        onPrevious={goOn(place.previousId)}
        onNext={goOn(place.nextId)}
        onDone={doneAndNext}
        onReopen={() => markDone(false)}
      />
      <Annotator
        session={session}
        imageUrl={imageUrl(image.id)}
        labels={labels}
        language={opened.settings.promptLanguage}
        revision={image.revision}
        next={goOn(place.nextId)}
        previous={goOn(place.previousId)}
        previousImage={previousImage}
        note={note}
        doneAndNext={mayWrite ? doneAndNext : null}
      />
      <RefusedDialog session={session} />
    </div>
  )
}

function useMarkDone(id: string): (done: boolean) => void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const imageId = ImageId.parse(id)
  const { mutate } = useMutation(
    trpc.annotations.markDone.mutationOptions({
      onSuccess: ({ status }) => {
        queries.setQueryData(trpc.annotations.open.queryKey({ imageId }), (old) =>
          old ? { ...old, image: { ...old.image, status } } : old,
        )
        void queries.invalidateQueries({ queryKey: trpc.images.pathKey(), refetchType: 'none' })
      },
    }),
  )
  return useCallback((done) => mutate({ imageId, done }), [mutate, imageId])
}

/** The words that go with the image; what is saved is known when one comes back. */
function useNote({ image, mayWrite }: Opened): Note {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const save = useCallback(
    async (before: string, after: string): ReturnType<NonNullable<Note['save']>> => {
      const imageId = ImageId.parse(image.id)
      const answer = await client.annotations.setNote.mutate({ imageId, before, after }).catch(() => null)
      if (!answer) return { kind: 'failed' }
      queries.setQueryData(trpc.annotations.open.queryKey({ imageId }), (old) =>
        old ? { ...old, image: { ...old.image, note: answer.note } } : old,
      )
      return answer.saved ? { kind: 'saved' } : { kind: 'theirs', text: answer.note }
    },
    [image.id, client, queries, trpc],
  )
  return { text: image.note, save: mayWrite ? save : null }
}

/** What is annotated on the image before: as it is here, with what is not on the server yet, or as there. */
function usePreviousImage(previousId: string | null): ActionContext['previousImage'] {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const viewer = useViewer()
  return useMemo(() => {
    if (!previousId) return null
    return async () => {
      const imageId = ImageId.parse(previousId)
      const session = openSession(sessionKey(viewer.id, imageId))
      if (session) {
        const { doc } = session.editor.getState()
        return { image: doc.image, document: toDocument(doc) }
      }
      return queries.fetchQuery({ ...trpc.annotations.open.queryOptions({ imageId }), staleTime: 0 })
    }
  }, [previousId, trpc, queries, viewer.id])
}

/** The next image is in the cache before it is asked for: its records and its pixels. */
function usePrefetch(nextId: string | null): void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  useEffect(() => {
    if (!nextId) return
    const imageId = ImageId.parse(nextId)
    void queries.prefetchQuery({ ...trpc.annotations.open.queryOptions({ imageId }), staleTime: 60_000 })
    const picture = new Image()
    picture.src = imageUrl(nextId)
  }, [nextId, queries, trpc])
}
