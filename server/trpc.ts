import type { TRPCDataTransformer } from '@trpc/server'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { z } from 'zod'
import { requireAccess } from './auth/access.ts'
import type { Context } from './context.ts'
import type { ErrorCode, WireError } from './contracts/errors.ts'
import { isPlainJson } from './contracts/plain-json.ts'
import type { Permission } from './contracts/roles.ts'
import { isStudioError, StudioError } from './errors.ts'
import { storageError } from './storage/storage-error.ts'

const TRPC_CODE = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  WRONG_STATE: 'PRECONDITION_FAILED',
  BAD_FILE: 'UNPROCESSABLE_CONTENT',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  STORAGE: 'INTERNAL_SERVER_ERROR',
  RATE_LIMITED: 'TOO_MANY_REQUESTS',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPCError['code']>

/** superjson for dates and the like; what is nothing but JSON need not be taken apart for it. */
const transformer: TRPCDataTransformer = {
  serialize: (value) => (isPlainJson(value) ? { json: value } : superjson.serialize(value)),
  deserialize: superjson.deserialize,
}

const t = initTRPC.context<Context>().create({
  transformer,
  sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 20_000 } },
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, stack: undefined, studio: wireError(error) },
  }),
})

function wireError(error: TRPCError): WireError {
  if (isStudioError(error.cause)) {
    const { code, userMessage: message, details } = error.cause
    return { code, message, details }
  }
  if (error.cause instanceof z.ZodError) {
    return {
      code: 'BAD_REQUEST',
      message: error.cause.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      details: z.flattenError(error.cause),
    }
  }
  return { code: 'INTERNAL', message: 'Something went wrong on the server; its log has the details.' }
}

/** Turns what rules throw into what the transport knows. */
const studioErrors = t.middleware(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  const cause = isStudioError(result.error.cause) ? result.error.cause : storageError(result.error.cause)
  if (cause) {
    throw new TRPCError({ code: TRPC_CODE[cause.code], message: cause.message, cause })
  }
  return result
})

export const router = t.router
export const createCallerFactory = t.createCallerFactory

/** For anyone, signed in or not. Only first visit, sign-in state and invitations use it. */
export const publicProcedure = t.procedure.use(studioErrors)

/** For anyone who is signed in. */
export const procedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.viewer) {
    throw new StudioError('UNAUTHENTICATED', { message: 'Sign in first.' })
  }
  return next({ ctx: { ...ctx, viewer: ctx.viewer } })
})

/** For the owner of the installation. */
export const ownerProcedure = procedure.use(({ ctx, next }) => {
  if (!ctx.viewer.isOwner) {
    throw new StudioError('FORBIDDEN', { message: 'Only the owner of this studio may do this.' })
  }
  return next()
})

/** For members of the project named by `projectId` in the input, if their role allows it. */
export function projectProcedure(permission: Permission) {
  return procedure.input(z.object({ projectId: z.string() })).use(async ({ ctx, input, next }) => {
    const role = await requireAccess(ctx.db, ctx.viewer, input.projectId, permission)
    return next({ ctx: { role } })
  })
}
