import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { ImageId } from '../../server/contracts/ids.ts'
import type { Note } from '../annotator/panels/note-panel.tsx'
import { useTRPC, useTRPCClient } from '../trpc/client.tsx'
import type { Opened } from './use-session.ts'

/** The words that go with the image; what is saved is known when one comes back. */
export function useNote({ image, mayWrite }: Opened): Note {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const save = useCallback(
    async (before: string, after: string): ReturnType<NonNullable<Note['save']>> => {
      const imageId = ImageId.parse(image.id)
      const answer = await client.annotations.setNote.mutate({ imageId, before, after }).catch(() => null)
      if (!answer) return { kind: 'failed' }
      queries.setQueryData(trpc.annotations.open.queryKey({ imageId }), (old) =>
        old ? { ...old, image: { ...old.image, note: answer.note } } : old,
      )
      return answer.saved ? { kind: 'saved' } : { kind: 'theirs', text: answer.note }
    },
    [image.id, client, queries, trpc],
  )
  return { text: image.note, save: mayWrite ? save : null }
}
