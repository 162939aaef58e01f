'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { ImageId, ProjectId } from '../../server/contracts/ids.ts'
import { Annotator } from '../annotator/annotator.tsx'
import { attributeWarnings } from '../annotator/document/attributes.ts'
import { useStateOf } from '../annotator/editor/use-state-of.ts'
import { ModelBar } from '../annotator-assist/model-bar.tsx'
import { useFinder } from '../annotator-assist/use-finder.ts'
import { useNextSuggested } from '../annotator-assist/use-next-suggested.ts'
import { useServerSuggestions } from '../annotator-assist/use-server-suggestions.ts'
import { pointOfSelection } from '../annotator-team/comments/pins.ts'
import { ReturnDialog } from '../annotator-team/review/return-dialog.tsx'
import { ReturnedNotice } from '../annotator-team/review/returned-notice.tsx'
import { useFollowReturns } from '../annotator-team/review/use-follow-returns.ts'
import { useTeamPanels } from '../annotator-team/use-team-panels.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { toast } from '../ui/toast.tsx'
import { ImageHeader } from './image-header.tsx'
import { imageUrl } from './image-url.ts'
import { PeopleHere } from './people-here.tsx'
import { RefusedDialog } from './refused-dialog.tsx'
import type { AnnotateRoute } from './use-annotate-route.ts'
import { useImageWays } from './use-image-ways.ts'
import { useNote } from './use-note.ts'
import { usePatchOpened } from './use-patch-opened.ts'
import { usePlace } from './use-place.ts'
import { usePrefetch } from './use-prefetch.ts'
import { type Opened, useImageSession } from './use-session.ts'
import { useVerdict } from './use-verdict.ts'

export interface OpenImageProps {
  opened: Opened
  /** Milliseconds since 1970. */
  openedAt: number
  route: AnnotateRoute
}

/**
 * One opened image: its header, its editor and what the team says about it. It stays mounted from image to image, since
 * making a page anew takes longer than a person waits between two presses of a key.
 */
export function OpenImage({ opened, openedAt, route }: OpenImageProps) {
  const t = useTranslations('annotator.header')
  const team = useTranslations('team.review')
  const trpc = useTRPC()
  const session = useImageSession(opened, openedAt)
  const { image, mayReview } = opened
  const { goTo } = route
  const isReview = route.isReview && mayReview
  const projectId = ProjectId.parse(image.projectId)
  const labels = useQuery(trpc.labels.list.queryOptions({ projectId })).data ?? opened.labels
  const attributes = useQuery(trpc.attributes.list.queryOptions({ projectId })).data ?? opened.attributes
  const { place, findPlace } = usePlace(route)
  usePrefetch(route, place)
  const markDone = useMarkDone(image.id)
  const note = useNote(opened)
  const panels = useTeamPanels({ session, opened })
  useFollowReturns(image.id)
  useServerSuggestions(session.editor, opened)
  const finding = useFinder(session.editor, opened, imageUrl(image.id))
  const nextSuggested = useNextSuggested(route)
  const [isReturning, setReturning] = useStateOf(image.id, false)

  const nextWanted = useCallback(async () => {
    const found = await findPlace()
    if (found?.wantedId) goTo(found.wantedId)
    else if (found) toast.success(isReview ? team('allJudged') : team('allFinished'))
  }, [findPlace, goTo, isReview, team])
  const verdict = useVerdict(session, image.id, nextWanted)

  const finish = useCallback(async () => {
    const { missing } = attributeWarnings(session.editor.getState().doc, attributes)
    if (missing.length > 0) toast.warning(t('missing', { count: missing.length, name: image.fileName }))
    markDone(true)
    const found = await findPlace()
    if (found?.nextId) goTo(found.nextId)
    else if (found) toast.success(t('last'))
  }, [session, attributes, image.fileName, markDone, findPlace, goTo, t])
  const giveBack = useCallback(() => setReturning(true), [setReturning])
  const doneAndNext = isReview ? verdict.accept : finish
  const ways = useImageWays({
    opened,
    route,
    place,
    doneAndNext,
    nextWanted,
    giveBack,
    panels,
    finder: finding.finder,
    nextSuggested,
  })

  return (
    <div className="flex h-full flex-col">
      <ImageHeader
        opened={opened}
        session={session}
        place={place}
        // Of its own: what is still heard of an image must not reach the one that is opened next.
        people={<PeopleHere key={image.id} session={session} imageId={image.id} />}
        q={route.q}
        isReview={isReview}
        ways={ways}
        onReopen={() => markDone(false)}
        panels={panels}
      />
      {image.status === 'returned' && !isReview && (
        <ReturnedNotice key={image.id} imageId={image.id} onShow={panels.showComments} />
      )}
      <Annotator
        session={session}
        imageUrl={imageUrl(image.id)}
        labels={labels}
        attributes={attributes}
        language={opened.settings.promptLanguage}
        revision={image.revision}
        ways={ways}
        note={note}
        overCanvas={panels.overCanvas}
        beside={panels.beside}
        modelBar={finding.finder && <ModelBar editor={session.editor} finding={finding} labels={labels} />}
      />
      <RefusedDialog session={session} />
      <ReturnDialog
        key={image.id}
        open={isReturning}
        onOpenChange={setReturning}
        busy={verdict.isPending}
        onReturn={(comment) => verdict.giveBack(comment, pointOfSelection(session.editor.getState()))}
      />
    </div>
  )
}

function useMarkDone(id: string): (done: boolean) => void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const patchOpened = usePatchOpened()
  const imageId = ImageId.parse(id)
  const { mutate } = useMutation(
    trpc.annotations.markDone.mutationOptions({
      onSuccess: ({ status }, { imageId: marked }) => {
        patchOpened(marked, { status })
        void queries.invalidateQueries({ queryKey: trpc.images.pathKey(), refetchType: 'none' })
      },
    }),
  )
  return useCallback((done) => mutate({ imageId, done }), [mutate, imageId])
}
