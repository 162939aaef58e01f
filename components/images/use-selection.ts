'use client'

import { useCallback, useMemo, useState } from 'react'
import { keepOnly, NOTHING, type Order, type Selection } from './selection.ts'

/** What was chosen in each project, so that coming back from the annotator shows where one was. */
const remembered = new Map<string, Selection>()

export function useSelection(projectId: string, order: Order) {
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
  const selection = useMemo(() => keepOnly(stored, order), [stored, order])
  /** Positions, ascending. */
  const chosen = useMemo(() => Int32Array.from(selection.positions).sort(), [selection])
  return { selection, setSelection, clear, chosen }
}
