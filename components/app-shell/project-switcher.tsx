'use client'

import { useQuery } from '@tanstack/react-query'
import { Check, ChevronsUpDown, LayoutGrid } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useProject } from './project-context.tsx'

/** More are found with the palette or on the projects page. */
const SHOWN = 12

export function ProjectSwitcher({ projectId }: { projectId: string }) {
  const t = useTranslations('common.header')
  const trpc = useTRPC()
  const project = useProject()
  const projects = useQuery(trpc.projects.list.queryOptions())
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          className="max-w-56 px-2"
          aria-label={`${t('project')}: ${project.data?.name ?? ''}`}
        >
          {project.data ? (
            <span className="truncate font-semibold">{project.data.name}</span>
          ) : (
            <Skeleton className="h-4 w-24" />
          )}
          <ChevronsUpDown aria-hidden className="text-muted" />
        </Button>
      }
    >
      {projects.data?.slice(0, SHOWN).map(({ id, name }) => (
        <MenuItem key={id} asChild>
          <Link href={`/projects/${id}`}>
            <span className="max-w-64 flex-1 truncate">{name}</span>
            {id === projectId && <Check aria-hidden className="text-accent" />}
          </Link>
        </MenuItem>
      ))}
      {projects.data && <MenuSeparator />}
      <MenuItem asChild>
        <Link href="/">
          <LayoutGrid aria-hidden className="text-muted" />
          {t('allProjects')}
        </Link>
      </MenuItem>
    </Menu>
  )
}
