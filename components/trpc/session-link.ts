import type { Operation, TRPCLink } from '@trpc/client'
import type { AnyTRPCRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { sessionGate } from './session-gate.ts'
import { parseStudioError } from './studio-error.ts'

/** Sends an operation again after the person has signed in, instead of failing it. */
export function sessionLink<Router extends AnyTRPCRouter>(): TRPCLink<Router> {
  return () =>
    ({ next, op }) =>
      observable((observer) => {
        let current: { unsubscribe: () => void } | undefined
        let closed = false
        const send = (operation: Operation) => {
          current = next(operation).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: async (error) => {
              if (parseStudioError(error).code !== 'UNAUTHENTICATED') return observer.error(error)
              const signedIn = await sessionGate.waitForSignIn()
              if (closed) return
              if (signedIn) send(operation)
              else observer.error(error)
            },
          })
        }
        send(op)
        return () => {
          closed = true
          current?.unsubscribe()
        }
      })
}
