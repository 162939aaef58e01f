import { sessionUser } from '../auth/session-user.ts'
import type { Viewer } from '../auth/viewer.ts'
import { StudioError } from '../errors.ts'
import { type Studio, studio } from '../studio.ts'
import { errorResponse } from './error-response.ts'
import { requireSameOrigin } from './same-origin.ts'

export interface FileRequest<Params> {
  request: Request
  params: Params
  studio: Studio
  viewer: Viewer
}

/**
 * Wraps a route handler that serves or takes bytes: only for people who are signed in, writes only from our
 * own pages, every failure as a WireError. The handler itself asks `requireAccess` or `requireOwned`.
 *
 *     export const GET = fileRoute<{ imageId: string }>(({ request, params, studio, viewer }) => …)
 */
export function fileRoute<Params>(handler: (request: FileRequest<Params>) => Promise<Response>) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      requireSameOrigin(request)
      const current = await studio()
      const viewer = await sessionUser(request.headers, undefined, current)
      if (!viewer) throw new StudioError('UNAUTHENTICATED', { message: 'Sign in first.' })
      return await handler({ request, params: await context.params, studio: current, viewer })
    } catch (error) {
      return errorResponse(error)
    }
  }
}
