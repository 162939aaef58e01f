import { skipToken } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Presence } from '../../server/contracts/annotation.ts'
import { ImageId } from '../../server/contracts/ids.ts'
import { TAB } from '../annotator/sync/pending-store.ts'
import type { Session } from '../annotator/sync/session.ts'
import { useReconnect } from '../runs/use-reconnect.ts'
import { useTRPC, useTRPCClient } from '../trpc/client.tsx'
import { usePatchOpened } from './use-patch-opened.ts'

/** The server takes a page for gone that has said nothing for three of these. */
const STILL_THERE_EVERY_MS = 5_000

/**
 * Takes over what colleagues save while they save it, and knows who has the image open. A page that is not looked
 * at is not connected: a browser allows few connections to one server, and its tabs share them.
 * @returns the other pages that show the image
 */
export function useFollowImage(session: Session, id: string): readonly Presence[] {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const patchOpened = usePatchOpened()
  const imageId = ImageId.parse(id)
  const isSeen = useSyncExternalStore(onVisibility, () => !document.hidden)
  const [people, setPeople] = useState<readonly Presence[]>([])
  // Where to begin when the page is seen again; from there on the connection itself knows.
  const [from, setFrom] = useState({ isSeen, after: session.seenRevision })
  if (from.isSeen !== isSeen) setFrom({ isSeen, after: session.seenRevision })

  const live = useSubscription(
    trpc.annotations.live.subscriptionOptions(isSeen ? { imageId, after: from.after, tab: TAB } : skipToken, {
      onData: ({ data }) => {
        if (data.kind === 'present') setPeople(data.people)
        else if (data.kind === 'tooMuch') void session.refresh()
        else {
          session.hear(data.revisions, data.merged)
          patchOpened(imageId, { status: data.status })
        }
      },
    }),
  )
  useReconnect(live)
  const isConnected = live.status === 'pending'
  useEffect(() => {
    session.follow(isConnected)
    if (!isConnected) return
    let isAsking = false
    const beat = async () => {
      // After an expired session the answer waits for the sign-in.
      if (isAsking) return
      isAsking = true
      await client.annotations.present.mutate({ imageId, tab: TAB, present: true }).catch(() => undefined)
      isAsking = false
    }
    void beat()
    const timer = setInterval(beat, STILL_THERE_EVERY_MS)
    return () => {
      clearInterval(timer)
      session.follow(false)
    }
  }, [session, isConnected, client, imageId])
  return isConnected ? people : NOBODY
}

const NOBODY: readonly Presence[] = []

function onVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}
