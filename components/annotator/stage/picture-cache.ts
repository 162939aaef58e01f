import type { Size } from '../../../server/grounding/coordinates.ts'
import { loadPicture, type Picture } from './picture.ts'

/** The one that is shown, the one before and the one after. A decoded picture takes up to 67 MB. */
const KEPT = 3

/** The least recently asked for first. */
const pictures = new Map<string, Promise<Picture>>()
const arrived = new WeakMap<Promise<Picture>, Picture>()

/** The decoded picture; one that was shown or prepared not long ago is at hand. */
export function pictureOf(url: string, size: Size): Promise<Picture> {
  const known = pictures.get(url)
  const picture = known ?? loadPicture(url, size)
  pictures.delete(url)
  pictures.set(url, picture)
  if (!known) {
    picture.then(
      (ready) => arrived.set(picture, ready),
      // Asked for again, it may arrive.
      () => pictures.get(url) === picture && pictures.delete(url),
    )
  }
  for (const old of pictures.keys()) {
    if (pictures.size <= KEPT) break
    pictures.delete(old)
  }
  return picture
}

/** The picture if it need not be waited for. */
export function pictureAtHand(url: string): Picture | null {
  const picture = pictures.get(url)
  return (picture && arrived.get(picture)) ?? null
}
