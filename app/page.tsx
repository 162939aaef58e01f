import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { StudioFrame } from '../components/app-shell/studio-frame.tsx'
import { ProjectsPage } from '../components/projects/projects-page.tsx'
import { SessionGuard } from './session-guard.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('projects'))('pageTitle') }
}

export default function HomePage() {
  return (
    <SessionGuard>
      <StudioFrame>
        <ProjectsPage />
      </StudioFrame>
    </SessionGuard>
  )
}
