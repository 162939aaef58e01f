'use client'

import { useCallback, useMemo, useState } from 'react'
import { keepOnly, NOTHING, type Selection } from './selection.ts'
import type { ImageCard } from './use-image-list.ts'

/** What was chosen in each project, so that coming back from the annotator shows where one was. */
const remembered = new Map<string, Selection>()

export function useSelection(projectId: string, images: readonly ImageCard[]) {
  const [stored, setStored] = useState(() => remembered.get(projectId) ?? NOTHING)
  const setSelection = useCallback(
    (next: Selection) => {
      remembered.set(projectId, next)
      setStored(next)
    },
    [projectId],
  )
  const clear = useCallback(() => setSelection(NOTHING), [setSelection])

  // What the filter hides or somebody deleted is not chosen any more, or it would be deleted unseen.
  const selection = useMemo(
    () =>
      keepOnly(
        stored,
        images.map((image) => image.id),
      ),
    [stored, images],
  )
  const chosen = useMemo(() => images.filter((image) => selection.ids.has(image.id)), [images, selection])
  const active = useMemo(
    () => images.find((image) => image.id === selection.active),
    [images, selection.active],
  )
  return { selection, setSelection, clear, chosen, active }
}
