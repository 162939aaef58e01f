'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useLocale } from 'next-intl'
import { useCallback } from 'react'
import { useTRPC } from '../trpc/client.tsx'

/** Draws the sample and goes there. `isOpening` stays true until the page has changed. */
export function useSampleProject(): { open: () => void; isOpening: boolean } {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const language = useLocale()
  const { mutate, isPending, isSuccess } = useMutation(
    trpc.samples.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.projects.list.queryFilter())
        router.push(`/projects/${id}`)
      },
    }),
  )
  const open = useCallback(() => mutate({ language }), [mutate, language])
  return { open, isOpening: isPending || isSuccess }
}
