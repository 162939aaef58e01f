import { authOf } from '../../../../server/auth/auth.ts'
import { errorResponse } from '../../../../server/http/error-response.ts'
import { requireSameOrigin } from '../../../../server/http/same-origin.ts'
import { studio } from '../../../../server/studio.ts'

export const runtime = 'nodejs'

async function handle(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request)
    return await (await authOf(await studio())).handler(request)
  } catch (error) {
    return errorResponse(error)
  }
}

export { handle as GET, handle as POST }
