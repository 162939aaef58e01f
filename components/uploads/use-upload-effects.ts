'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { useTRPC } from '../trpc/client.tsx'
import type { Upload } from './upload-queue.ts'

/** New pictures show up while a long import runs, without asking the server after every file. */
const REFRESH_MS = 2_000

/** Keeps the lists of images fresh, and asks before the tab is closed on files that are on their way. */
export function useUploadEffects(uploads: readonly Upload[], isActive: boolean): void {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const added = uploads.reduce((sum, { results }) => sum + results.length, 0)
  const latest = useRef(added)
  const refreshed = useRef(added)
  const refresh = useCallback(() => {
    if (latest.current === refreshed.current) return
    refreshed.current = latest.current
    void queryClient.invalidateQueries(trpc.images.pathFilter())
    void queryClient.invalidateQueries(trpc.projects.pathFilter())
  }, [queryClient, trpc])

  // Small files can be through before the list of uploads was drawn for the first time: then they are only ever seen
  // as done, and no change of `isActive` would tell.
  useEffect(() => {
    latest.current = added
    if (!isActive) refresh()
  }, [added, isActive, refresh])

  useEffect(() => {
    if (!isActive) return
    const timer = setInterval(refresh, REFRESH_MS)
    return () => clearInterval(timer)
  }, [isActive, refresh])

  useEffect(() => {
    if (!isActive) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isActive])
}
