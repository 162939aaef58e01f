export interface AnnotatePlace {
  projectId: string
  imageId: string
  /** The filter of the list that one goes through, as typed. */
  q: string
  isReview: boolean
}

/** The address holds all of it, so that a place in a queue can be sent to somebody and survives a reload. */
export function annotateAddress({ projectId, imageId, q, isReview }: AnnotatePlace): string {
  const search = new URLSearchParams()
  if (q.trim()) search.set('q', q)
  if (isReview) search.set('mode', 'review')
  const query = search.toString()
  return `/projects/${projectId}/annotate/${imageId}${query ? `?${query}` : ''}`
}
