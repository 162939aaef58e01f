import { useMemo } from 'react'
import type { Finder, ImageWays } from '../annotator/actions/action.ts'
import type { TeamPanels } from '../annotator-team/use-team-panels.tsx'
import type { AnnotateRoute } from './use-annotate-route.ts'
import type { Place } from './use-place.ts'
import { usePreviousImage } from './use-previous-image.ts'
import type { Opened } from './use-session.ts'

export interface ImageWaysOptions {
  opened: Opened
  route: AnnotateRoute
  place: Place | undefined
  /** Accepting in review mode, having done the work otherwise. */
  doneAndNext: () => void
  nextWanted: () => void
  giveBack: () => void
  panels: TeamPanels
  finder: Finder | null
  nextSuggested: () => void
}

/** Where one can go from the image and what one may do with it, for header, keys, palette and sheet alike. */
export function useImageWays(options: ImageWaysOptions): ImageWays {
  const { opened, route, place, doneAndNext, nextWanted, giveBack, panels, finder, nextSuggested } = options
  const { mayWrite, mayReview } = opened
  const { goTo, setReview } = route
  const isReview = route.isReview && mayReview
  const { toggle, startComment } = panels
  const { previousId, nextId } = place ?? {}
  const previousImage = usePreviousImage(previousId ?? null)
  return useMemo(
    () => ({
      next: nextId ? () => goTo(nextId) : null,
      previous: previousId ? () => goTo(previousId) : null,
      nextWanted,
      previousImage,
      doneAndNext: mayWrite || isReview ? doneAndNext : null,
      giveBack: isReview ? giveBack : null,
      toggleReview: mayReview ? () => setReview(!isReview) : null,
      comment: mayWrite ? startComment : null,
      toggleComments: () => toggle('comments'),
      toggleHistory: () => toggle('history'),
      nextSuggested,
      finder,
    }),
    [
      nextId,
      previousId,
      goTo,
      nextWanted,
      previousImage,
      mayWrite,
      isReview,
      doneAndNext,
      giveBack,
      mayReview,
      setReview,
      startComment,
      toggle,
      nextSuggested,
      finder,
    ],
  )
}
