import { type SetStateAction, useCallback, useState } from 'react'

/**
 * State that belongs to something, an image or its editor: with another one it begins anew, in the same rendering. The
 * page stays mounted from image to image, and nothing of the one before may be left on it.
 */
export function useStateOf<T>(owner: unknown, initial: T): [T, (next: SetStateAction<T>) => void] {
  const [held, setHeld] = useState({ owner, value: initial })
  const isOwn = Object.is(held.owner, owner)
  if (!isOwn) setHeld({ owner, value: initial })
  const set = useCallback(
    (next: SetStateAction<T>) =>
      setHeld((now) => {
        // What comes late, about an image that has been left, is nobody's any more.
        if (!Object.is(now.owner, owner)) return now
        return { owner, value: typeof next === 'function' ? (next as (before: T) => T)(now.value) : next }
      }),
    [owner],
  )
  return [isOwn ? held.value : initial, set]
}
