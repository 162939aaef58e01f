'use client'

import { Package } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ArtefactKind } from '../../../server/contracts/artefact.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import type { Run } from '../use-live-run.ts'
import { ArtefactCard } from './artefact-card.tsx'

/** What the run has made, the most wanted first. */
export function ArtefactList({ run }: { run: Run }) {
  const t = useTranslations('runs.artefacts')
  if (run.artefacts.length === 0) {
    return <EmptyState icon={<Package />} title={t('none')} className="py-8" />
  }
  const order = ['merged', 'adapter', 'browser'] as const satisfies ArtefactKind[]
  const sorted = order.flatMap((kind) => run.artefacts.find((artefact) => artefact.kind === kind) ?? [])
  return (
    <div className="space-y-3">
      {sorted.map((artefact) => (
        <ArtefactCard key={artefact.kind} run={run} artefact={artefact} />
      ))}
    </div>
  )
}
