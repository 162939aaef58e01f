import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createContext } from '../../../../server/context.ts'
import { errorResponse } from '../../../../server/http/error-response.ts'
import { requireSameOrigin } from '../../../../server/http/same-origin.ts'
import { appRouter } from '../../../../server/root.ts'

export const runtime = 'nodejs'
export const dynamic = 'force-dynamic'

async function handle(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request)
  } catch (error) {
    return errorResponse(error)
  }
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: ({ resHeaders }) => createContext({ headers: request.headers, answer: resHeaders }),
    onError: ({ error, path }) => {
      // Expected refusals are the caller's business; only our own defects go to the log.
      if (error.code === 'INTERNAL_SERVER_ERROR') console.error(path, error)
    },
  })
}

export { handle as GET, handle as POST }
