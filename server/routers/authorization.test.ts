import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { picture } from '../../prisma/seed/pictures.ts'
import { seedSession } from '../../prisma/seed/sessions.ts'
import { type TestStudio, testStudio } from '../../prisma/seed/studio.ts'
import { seedWorld, type World } from '../../prisma/seed/world.ts'
import { createContextInner } from '../context.ts'
import { roleAllows } from '../contracts/roles.ts'
import { isStudioError } from '../errors.ts'
import { appRouter } from '../root.ts'
import { theStudio } from '../studio.ts'
import { createCallerFactory } from '../trpc.ts'
import { type Expectation, FILE_ROUTES, PROCEDURES } from './authorization-expectations.ts'

/** From the least to the most powerful. */
const CALLERS = [
  'anonymous',
  'outsider',
  'viewer',
  'annotator',
  'reviewer',
  'manager',
  'owner',
  'studioOwner',
] as const
type Caller = (typeof CALLERS)[number]

const API = path.join(import.meta.dirname, '../../app/api')
const ORIGIN = 'http://127.0.0.1:3000'

let studio: TestStudio
let world: World
beforeAll(async () => {
  studio = await testStudio()
  world = await seedWorld(studio)
}, 60_000)
afterAll(() => studio.dispose())

/** What the table says this caller must be told. 'in' = not refused. */
function verdict(who: Expectation['who'], caller: Caller): string {
  if (who === 'anyone') return 'in'
  if (caller === 'anonymous') return 'UNAUTHENTICATED'
  if (who === 'signedIn' || caller === 'studioOwner') return 'in'
  if (who === 'studioOwner') return 'FORBIDDEN'
  // A project that is not shared looks like one that does not exist.
  if (caller === 'outsider') return 'NOT_FOUND'
  return roleAllows(caller, who) ? 'in' : 'FORBIDDEN'
}

const refusedBy = (who: Expectation['who']) => CALLERS.filter((caller) => verdict(who, caller) !== 'in')
const letIn = (who: Expectation['who']) => CALLERS.filter((caller) => verdict(who, caller) === 'in')

type Procedure = (input?: unknown) => Promise<unknown>
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>).map(
    ([name, procedure]) => [name, procedure._def.type],
  ),
)
const PATHS = [...TYPES.keys()].sort()

/** Calls a procedure by its path; of a subscription it waits for the first message. @returns the error's code */
async function call(
  where: { studio: TestStudio; world: World },
  name: string,
  caller: Caller,
): Promise<string> {
  const viewer = caller === 'anonymous' ? null : where.world.people[caller]
  const context = createContextInner({ ...where.studio, viewer, isLocalVisitor: true })
  const ending = new AbortController()
  const root = createCallerFactory(appRouter)(context, { signal: ending.signal }) as unknown as Record<
    string,
    Record<string, Procedure>
  >
  const [router = '', procedure = ''] = name.split('.')
  const input = PROCEDURES[name]?.input?.(where.world)
  try {
    const answer = await root[router]?.[procedure]?.(input)
    if (isAsyncIterable(answer)) await answer[Symbol.asyncIterator]().next()
    return 'in'
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error
    if (isStudioError(cause)) return cause.code
    throw error
  } finally {
    ending.abort()
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

test('every procedure has a line in the table, and every line a procedure', () => {
  expect(Object.keys(PROCEDURES).sort()).toEqual(PATHS)
})

describe('a procedure refuses whom it must, and nobody else', () => {
  test.each(PATHS)('%s', async (name) => {
    const expectation = PROCEDURES[name]
    if (!expectation) throw new Error(`authorization-expectations.ts has no line for ${name}.`)
    for (const caller of refusedBy(expectation.who)) {
      expect([caller, await call({ studio, world }, name, caller)]).toEqual([
        caller,
        verdict(expectation.who, caller),
      ])
    }
    if (expectation.refusalsOnly) return
    const fresh = TYPES.get(name) === 'mutation' ? await freshWorld() : { studio, world }
    for (const caller of letIn(expectation.who).slice(0, expectation.once ? 1 : undefined)) {
      expect([caller, await call(fresh, name, caller)]).not.toEqual([
        caller,
        expect.stringMatching(/^(UNAUTHENTICATED|FORBIDDEN|NOT_FOUND)$/),
      ])
    }
    if (fresh.studio !== studio) await fresh.studio.dispose()
  })
})

/** A studio of its own for what changes things. The shared one stays what `studio()` gives. */
async function freshWorld(): Promise<{ studio: TestStudio; world: World }> {
  const own = await testStudio()
  const seeded = await seedWorld(own)
  theStudio.opened = Promise.resolve(studio)
  return { studio: own, world: seeded }
}

type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>

/** `METHOD folder` of every handler under app/api. */
async function fileRoutes(): Promise<Map<string, Handler>> {
  const found = new Map<string, Handler>()
  const files = await readdir(API, { recursive: true })
  for (const file of files.filter((name) => path.basename(name) === 'route.ts')) {
    const module: Record<string, unknown> = await import(path.join(API, file))
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const handler = module[method]
      if (typeof handler === 'function') found.set(`${method} ${path.dirname(file)}`, handler as Handler)
    }
  }
  return found
}

async function fetchRoute(
  handler: Handler,
  name: string,
  caller: Caller,
  headers: Record<string, string> = {},
) {
  const [method = ''] = name.split(' ')
  const { params, query = '' } = FILE_ROUTES[name] ?? {}
  const sent = new Headers({ host: '127.0.0.1:3000', origin: ORIGIN, ...headers })
  if (caller !== 'anonymous') sent.set('cookie', await seedSession(studio, world.people[caller]))
  const request = new Request(`${ORIGIN}/api/${name.split(' ')[1]}${query}`, {
    method,
    headers: sent,
    ...(method === 'GET' ? {} : { body: new Uint8Array(await picture().png().toBuffer()) }),
  })
  const response = await handler(request, { params: Promise.resolve(params?.(world) ?? {}) })
  await response.arrayBuffer()
  return response.status
}

/** What a browser says about a request from another site's page. */
const FOREIGN = [
  ['sec-fetch-site', 'cross-site'],
  ['sec-fetch-site', 'same-site'],
  ['origin', 'https://evil.example'],
  ['origin', 'null'],
] as const
const STATUS: Record<string, number> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404 }

describe('file routes', () => {
  test('every route has a line in the table, and every line a route', async () => {
    expect(Object.keys(FILE_ROUTES).sort()).toEqual([...(await fileRoutes()).keys()].sort())
  })

  test('a route refuses whom it must, and nobody else', async () => {
    for (const [name, handler] of await fileRoutes()) {
      const { who, isMissing } = FILE_ROUTES[name] ?? { who: 'anyone' }
      for (const caller of refusedBy(who)) {
        const status = await fetchRoute(handler, name, caller)
        expect([name, caller, status]).toEqual([name, caller, STATUS[verdict(who, caller)]])
      }
      for (const caller of letIn(who)) {
        if (name.includes('[trpc]') || name.includes('[...all]')) continue
        const status = await fetchRoute(handler, name, caller)
        expect([name, caller, status]).toEqual([name, caller, isMissing ? 404 : 200])
      }
    }
  })

  test('no route that writes takes a request from the page of another site', async () => {
    for (const [name, handler] of await fileRoutes()) {
      if (name.startsWith('GET')) continue
      for (const [header, value] of FOREIGN) {
        expect([name, await fetchRoute(handler, name, 'owner', { [header]: value })]).toEqual([name, 403])
      }
    }
  })
})
