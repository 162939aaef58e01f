'use client'

import { CrashScreen } from '../components/app-shell/crash-screen.tsx'

export default function ErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  return <CrashScreen {...props} />
}
