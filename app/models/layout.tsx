import type { ReactNode } from 'react'
import { StudioFrame } from '../../components/app-shell/studio-frame.tsx'
import { SessionGuard } from '../session-guard.tsx'

export default function ModelsLayout({ children }: { children: ReactNode }) {
  return (
    <SessionGuard>
      <StudioFrame>{children}</StudioFrame>
    </SessionGuard>
  )
}
