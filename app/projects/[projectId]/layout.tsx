import type { ReactNode } from 'react'
import { ProjectFrame } from '../../../components/app-shell/project-frame.tsx'
import { SessionGuard } from '../../session-guard.tsx'

export default function ProjectLayout({ children }: { children: ReactNode }) {
  return (
    <SessionGuard>
      <ProjectFrame>{children}</ProjectFrame>
    </SessionGuard>
  )
}
