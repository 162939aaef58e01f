import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { ViewerProvider } from '../components/app-shell/viewer.tsx'
import { SignInScreen } from '../components/auth/sign-in-screen.tsx'
import { caller } from '../server/caller.ts'

/** Signing in happens in place, so that a link to any page still leads there afterwards. */
export async function SessionGuard({ children }: { children: ReactNode }) {
  const { needsOwner, viewer } = await (await caller()).auth.state()
  if (needsOwner) redirect('/welcome')
  if (!viewer) return <SignInScreen />
  return <ViewerProvider viewer={viewer}>{children}</ViewerProvider>
}
