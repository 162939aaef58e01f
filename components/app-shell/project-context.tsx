'use client'

import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { type Permission, roleAllows } from '../../server/contracts/roles.ts'
import { useTRPC } from '../trpc/client.tsx'

const ProjectIdContext = createContext<string | null>(null)

export function ProjectProvider({ projectId, children }: { projectId: string; children: ReactNode }) {
  return <ProjectIdContext value={projectId}>{children}</ProjectIdContext>
}

/** Id of the project whose frame is around us. */
export function useProjectId(): string {
  const projectId = useContext(ProjectIdContext)
  if (!projectId) throw new Error('useProjectId is used outside a project')
  return projectId
}

/** Name, settings, own role and counts of the project around us. */
export function useProject() {
  const trpc = useTRPC()
  return useQuery(trpc.projects.byId.queryOptions({ projectId: useProjectId() }))
}

/** Whether the signed-in person may do this here; false until their role is known. The server checks again. */
export function useCan(permission: Permission): boolean {
  const role = useProject().data?.role
  return role !== undefined && roleAllows(role, permission)
}
