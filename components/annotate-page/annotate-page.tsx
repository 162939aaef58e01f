'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useEffect } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import { closeModel } from '../annotator-assist/model-keeper.ts'
import { useTRPC } from '../trpc/client.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { EditorSkeleton } from './editor-skeleton.tsx'
import { useAnnotateRoute } from './use-annotate-route.ts'

const loadEditor = () => import('./open-image.tsx')
// Not only when there is an image to show: the program and the records are on their way together.
if (typeof window !== 'undefined') void loadEditor()

/** Canvas and IndexedDB exist in the browser only. */
const OpenImage = dynamic(() => loadEditor().then((module) => module.OpenImage), {
  ssr: false,
  loading: () => <EditorSkeleton />,
})

/** The screen people live in: one image after the other, without leaving the page. */
export function AnnotatePage() {
  const trpc = useTRPC()
  const route = useAnnotateRoute()
  const { imageId } = route
  // A model stays at hand from image to image; its memory is given back when one leaves the editor.
  useEffect(() => closeModel, [])
  const opened = useQuery(trpc.annotations.open.queryOptions({ imageId: ImageId.parse(imageId) }))
  if (opened.isError && !opened.data) {
    return <ErrorState error={opened.error} onRetry={() => opened.refetch()} className="h-full" />
  }
  if (!opened.data) return <EditorSkeleton />
  return <OpenImage opened={opened.data} openedAt={opened.dataUpdatedAt} route={route} />
}
