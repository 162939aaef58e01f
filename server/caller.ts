import 'server-only'
import { headers } from 'next/headers'
import { createContext } from './context.ts'
import { appRouter } from './root.ts'
import { createCallerFactory } from './trpc.ts'

/** For server components: the same procedures, the same checks, no HTTP. */
export async function caller() {
  return createCallerFactory(appRouter)(await createContext({ headers: await headers() }))
}
