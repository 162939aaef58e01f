import { MutationCache, QueryClient } from '@tanstack/react-query'
import { parseStudioError, type StudioErrorCode } from './studio-error.ts'

declare module '@tanstack/react-query' {
  interface Register {
    /** quiet: the caller shows the failure itself, so no toast is raised. */
    mutationMeta: { quiet?: boolean }
  }
}

/** Worth asking again; every other code gives the same answer next time. */
const TRANSIENT: ReadonlySet<StudioErrorCode> = new Set(['NETWORK', 'INTERNAL'])
const ATTEMPTS = 2

/** @param onMutationError raises the toast; mutations never fail silently */
export function createQueryClient(onMutationError: (error: unknown) => void): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < ATTEMPTS && TRANSIENT.has(parseStudioError(error).code),
      },
      mutations: { retry: false },
    },
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (!mutation.meta?.quiet) onMutationError(error)
      },
    }),
  })
}
