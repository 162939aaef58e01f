'use client'

import { useQuery } from '@tanstack/react-query'
import { FlaskConical, FolderPlus, Plus, Search, Workflow } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useActions } from '../app-shell/actions.ts'
import { DrawDialog } from '../charts/draw-dialog.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Input } from '../ui/input.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { CreateProjectDialog } from './create-project-dialog.tsx'
import { FirstProject } from './first-project.tsx'
import { ProjectCard } from './project-card.tsx'
import { SampleProgressDialog } from './sample-progress-dialog.tsx'
import { useSampleProject } from './use-sample-project.ts'

/** From this many on, a name is found faster by typing than by looking. */
const FILTER_FROM = 9

const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))] gap-4'

export function ProjectsPage() {
  const t = useTranslations('projects')
  const language = useLocale()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions())
  const [creating, setCreating] = useState(false)
  const [drawing, setDrawing] = useState(false)
  const [filter, setFilter] = useState('')
  const sample = useSampleProject()

  const openSample = sample.open
  useActions(
    useMemo(
      () => [
        {
          name: 'projects.new',
          label: t('actions.new'),
          group: t('actions.group'),
          keys: 'c',
          icon: <FolderPlus />,
          run: () => setCreating(true),
        },
        {
          name: 'projects.sample',
          label: t('actions.sample'),
          group: t('actions.group'),
          icon: <FlaskConical />,
          run: openSample,
        },
        {
          name: 'projects.draw',
          label: t('actions.draw'),
          group: t('actions.group'),
          icon: <Workflow />,
          run: () => setDrawing(true),
        },
      ],
      [t, openSample],
    ),
  )

  const shown = projects.data?.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()))
  return (
    <div className="mx-auto w-full max-w-5xl px-6 py-8">
      {projects.isPending && (
        <div aria-busy className={GRID}>
          {Array.from({ length: 3 }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all alike
            <Skeleton key={index} className="h-52 rounded-lg" />
          ))}
        </div>
      )}
      {projects.isError && <ErrorState error={projects.error} onRetry={() => projects.refetch()} />}
      {projects.data?.length === 0 && (
        <FirstProject
          onCreate={() => setCreating(true)}
          onSample={sample.open}
          onDraw={() => setDrawing(true)}
        />
      )}
      {projects.data && projects.data.length > 0 && (
        <>
          <div className="mb-4 flex items-center gap-2">
            <h1 className="flex-1 font-semibold text-lg">{t('title')}</h1>
            {projects.data.length >= FILTER_FROM && (
              <Input
                type="search"
                aria-label={t('filter')}
                placeholder={t('filter')}
                icon={<Search />}
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
                className="w-56"
              />
            )}
            <Button icon={<FlaskConical />} onClick={sample.open}>
              {t('sample')}
            </Button>
            <Button icon={<Workflow />} onClick={() => setDrawing(true)}>
              {t('draw')}
            </Button>
            <Button variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
              {t('new')}
            </Button>
          </div>
          <ul className={GRID}>
            {shown?.map((project) => (
              <li key={project.id}>
                <ProjectCard project={project} />
              </li>
            ))}
          </ul>
          {shown?.length === 0 && <EmptyState icon={<Search />} title={t('filterEmpty')} />}
        </>
      )}
      <CreateProjectDialog open={creating} onOpenChange={setCreating} />
      <DrawDialog open={drawing} onOpenChange={setDrawing} projectId={null} language={language} />
      <SampleProgressDialog open={sample.isOpening} />
    </div>
  )
}
