import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { beforeEach, expect, test } from 'vitest'
import { sessionGate } from './session-gate.ts'
import { sessionLink } from './session-link.ts'

const t = initTRPC.create()
const testRouter = t.router({ greet: t.procedure.query(() => 'hello') })

let isSignedIn: boolean
let asked: number

/** A server that answers people who are signed in. */
const server: TRPCLink<typeof testRouter> = () => () =>
  observable((observer) => {
    asked += 1
    if (isSignedIn) {
      observer.next({ result: { type: 'data', data: 'hello' } })
      observer.complete()
      return
    }
    const studio = { code: 'UNAUTHENTICATED', message: 'Sign in first.' }
    observer.error(TRPCClientError.from({ error: { message: '', code: -32_001, data: { studio } } }))
  })

const client = createTRPCClient<typeof testRouter>({ links: [sessionLink(), server] })

beforeEach(() => {
  isSignedIn = false
  asked = 0
})

/** Resolves when the gate has opened the dialog. */
function expired(): Promise<void> {
  return new Promise((resolve) => {
    const stop = sessionGate.subscribe(() => {
      if (!sessionGate.isExpired()) return
      stop()
      resolve()
    })
  })
}

test('requests that were refused are sent again after the sign-in, all of them', async () => {
  const dialog = expired()
  const answers = Promise.all([client.greet.query(), client.greet.query()])
  await dialog
  isSignedIn = true
  sessionGate.settle(true)
  expect(await answers).toEqual(['hello', 'hello'])
  expect(asked).toBe(4)
  expect(sessionGate.isExpired()).toBe(false)
})

test('who closes the dialog gets the refusal', async () => {
  const dialog = expired()
  const answer = client.greet.query()
  const refused = expect(answer).rejects.toThrow()
  await dialog
  sessionGate.settle(false)
  await refused
  expect(asked).toBe(1)
})
