import { useCallback } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import type { Note } from '../annotator/panels/note-panel.tsx'
import { useTRPCClient } from '../trpc/client.tsx'
import { usePatchOpened } from './use-patch-opened.ts'
import type { Opened } from './use-session.ts'

/** The words that go with the image; what is saved is known when one comes back. */
export function useNote({ image, mayWrite }: Opened): Note {
  const client = useTRPCClient()
  const patchOpened = usePatchOpened()
  const save = useCallback(
    async (before: string, after: string): ReturnType<NonNullable<Note['save']>> => {
      const imageId = ImageId.parse(image.id)
      const answer = await client.annotations.setNote.mutate({ imageId, before, after }).catch(() => null)
      if (!answer) return { kind: 'failed' }
      patchOpened(imageId, { note: answer.note })
      return answer.saved ? { kind: 'saved' } : { kind: 'theirs', text: answer.note }
    },
    [image.id, client, patchOpened],
  )
  return { text: image.note, save: mayWrite ? save : null }
}
