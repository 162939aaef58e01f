'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { toast } from '../ui/toast.tsx'
import { type AppRouter, TRPCProvider } from './client.tsx'
import { createQueryClient } from './query-client.ts'
import { sessionLink } from './session-link.ts'
import { useErrorWords } from './studio-error.ts'
import { transformer } from './transformer.ts'

const URL = '/api/trpc'
/** Longer batches are split: some proxies refuse addresses beyond 8 kB, and most logs cut at 2 kB. */
const MAX_URL_LENGTH = 2_000

function createClient() {
  return createTRPCClient<AppRouter>({
    links: [
      sessionLink(),
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: URL, transformer }),
        false: splitLink({
          condition: (operation) => operation.context.alone === true,
          true: httpLink({ url: URL, transformer }),
          false: httpBatchLink({ url: URL, transformer, maxURLLength: MAX_URL_LENGTH }),
        }),
      }),
    ],
  })
}

export function StudioProvider({ children }: { children: ReactNode }) {
  const words = useErrorWords()
  const report = useRef<(error: unknown) => void>(() => undefined)
  useEffect(() => {
    report.current = (error) => {
      const { title, description } = words(error)
      toast.error(title, { description })
    }
  }, [words])

  const [queryClient] = useState(() => createQueryClient((error) => report.current(error)))
  const [trpcClient] = useState(createClient)
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
