'use client'

import { useParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { parseStudioError } from '../trpc/studio-error.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { ProjectProvider, useProject } from './project-context.tsx'
import { ProjectTabs } from './project-tabs.tsx'
import { StudioFrame } from './studio-frame.tsx'

/** Header with the project's tabs around every page of a project. */
export function ProjectFrame({ children }: { children: ReactNode }) {
  const { projectId } = useParams<{ projectId: string }>()
  return (
    <ProjectProvider projectId={projectId}>
      <StudioFrame projectId={projectId} tabs={<ProjectTabs projectId={projectId} />}>
        <ProjectBoundary>{children}</ProjectBoundary>
      </StudioFrame>
    </ProjectProvider>
  )
}

/** The page loads beside the project; only a project that is not there (or not ours) takes its place. */
function ProjectBoundary({ children }: { children: ReactNode }) {
  const project = useProject()
  const isGone = project.isError && ['NOT_FOUND', 'FORBIDDEN'].includes(parseStudioError(project.error).code)
  return isGone ? <ErrorState error={project.error} /> : children
}
