import type { QueryClient } from '@tanstack/react-query'
import { writePositions } from '../../server/contracts/image-positions.ts'
import type { useTRPC } from '../trpc/client.tsx'
import { ALONE } from '../trpc/links.ts'
import { readThumbnails } from './read-thumbnails.ts'

/** Coming back from the annotator within this time shows the grid as it was, at once. */
export const KEEP_MS = 30 * 60 * 1000
/** Images that are asked for together; about a screen and a half. */
export const PAGE_SIZE = 48
export const THUMBNAILS_KEY = 'thumbnails'

/** Address of each picture within this tab, by position; null = it cannot be had. */
export type Addresses = ReadonlyMap<number, string | null>

type Trpc = ReturnType<typeof useTRPC>

/** What is said of the images of one page. */
export function cardsOfPage(trpc: Trpc, projectId: string, part: Int32Array) {
  return trpc.images.cards.queryOptions(
    { projectId, positions: writePositions(part) },
    { gcTime: KEEP_MS, trpc: { abortOnUnmount: true, context: ALONE } },
  )
}

/**
 * The thumbnails of one page in one request.
 * @param signIns what failed while nobody was signed in is loaded again after the next sign-in
 */
export function thumbnailsOfPage(projectId: string, part: Int32Array, signIns: number) {
  const positions = writePositions(part)
  return {
    queryKey: [THUMBNAILS_KEY, projectId, positions, signIns],
    queryFn: ({ signal }: { signal: AbortSignal }) => load(projectId, positions, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  }
}

/** Asks for the images at the top of a list while the list itself is still being drawn. */
export function prefetchTop(
  { trpc, queries }: { trpc: Trpc; queries: QueryClient },
  projectId: string,
  positions: Int32Array,
  signIns: number,
): void {
  const top = positions.subarray(0, PAGE_SIZE)
  if (top.length === 0) return
  // Only what is not there: the grid itself looks whether what it shows is still true.
  void queries.prefetchQuery({ ...cardsOfPage(trpc, projectId, top), staleTime: Number.POSITIVE_INFINITY })
  void queries.prefetchQuery(thumbnailsOfPage(projectId, top, signIns))
}

async function load(projectId: string, positions: string, signal: AbortSignal): Promise<Addresses> {
  const address = `/api/projects/${projectId}/thumbnails?positions=${positions}`
  const answer = await fetch(address, { signal })
  if (!answer.ok) throw await answer.json()
  const pack = await answer.arrayBuffer()
  return new Map(
    [...readThumbnails(pack)].map(([position, bytes]) => [
      position,
      bytes.length === 0 ? null : URL.createObjectURL(new Blob([bytes], { type: 'image/webp' })),
    ]),
  )
}
