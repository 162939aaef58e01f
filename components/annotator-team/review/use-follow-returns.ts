import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ImageId } from '../../../server/contracts/ids.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { useThreads } from '../comments/use-comments.ts'

/** When a reviewer returns the image that is open here, its status, and with it the reason, shows up at once. */
export function useFollowReturns(id: string): void {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const threads = useThreads(id).data
  const returns = threads?.filter(({ kind }) => kind === 'return').length
  const known = useRef({ id, returns })
  useEffect(() => {
    const before = known.current.id === id ? known.current.returns : undefined
    known.current = { id, returns }
    if (before === undefined || returns === undefined || returns <= before) return
    void queries.invalidateQueries(trpc.annotations.open.queryFilter({ imageId: ImageId.parse(id) }))
  }, [returns, id, queries, trpc])
}
