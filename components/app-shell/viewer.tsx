'use client'

import { createContext, type ReactNode, useContext } from 'react'

/** Who is signed in. */
export interface Viewer {
  id: string
  name: string
  email: string
  isOwner: boolean
}

const ViewerContext = createContext<Viewer | null>(null)

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>
}

/** Inside the session guard there always is somebody. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('useViewer is used outside the session guard')
  return viewer
}
