'use client'

import { Lock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCan, useProject } from '../app-shell/project-context.tsx'
import { AttributesCard } from '../labels/attributes-card.tsx'
import { EditsCard } from '../labels/edits-card.tsx'
import { LabelsCard } from '../labels/labels-card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { DeleteProject } from './delete-project.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { Members } from './members.tsx'

export function SettingsPage() {
  const t = useTranslations('settings')
  const project = useProject()
  const canManage = useCan('project.manage')
  const canDelete = useCan('project.delete')
  if (project.isError) return <ErrorState error={project.error} onRetry={() => project.refetch()} />
  if (project.isPending) {
    return (
      <div aria-busy className="mx-auto max-w-3xl space-y-6 px-6 py-8">
        <Skeleton className="h-52" />
        <Skeleton className="h-64" />
      </div>
    )
  }
  if (!canManage) {
    return (
      <EmptyState
        icon={<Lock />}
        title={t('members.forbiddenTitle')}
        description={t('members.forbiddenDescription')}
      />
    )
  }
  return (
    <div className="mx-auto max-w-3xl space-y-6 px-6 py-8">
      <h1 className="font-semibold text-lg">{t('title')}</h1>
      <GeneralSettings project={project.data} />
      <LabelsCard />
      <AttributesCard />
      <EditsCard />
      <Members />
      {canDelete && <DeleteProject project={project.data} />}
    </div>
  )
}
