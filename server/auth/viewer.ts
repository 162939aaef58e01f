/** The person behind a request, as far as rules need to know. */
export interface Viewer {
  id: string
  name: string
  email: string
  /** Made on the first visit; allowed everything in every project. */
  isOwner: boolean
}
