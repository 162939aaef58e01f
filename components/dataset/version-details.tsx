'use client'

import { Download } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useCan } from '../app-shell/project-context.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { ClassBalance } from './class-balance.tsx'
import { SampleBrowser } from './sample-browser.tsx'
import { StatsGrid } from './stats-grid.tsx'
import type { VersionItem } from './use-chosen-version.ts'

/** What one version holds, how it was made, and its export. */
export function VersionDetails({ version }: { version: VersionItem }) {
  const t = useTranslations('dataset')
  const mayExport = useCan('dataset.export')
  const { number, name, hash, stats, options } = version
  const { style, language, negatives } = options.conversation
  const facts = [
    t(`styles.${style}`),
    t(`languages.${language}`),
    t(negatives ? 'details.withNegatives' : 'details.withoutNegatives'),
    t('details.split', { share: options.validationShare, seed: options.seed }),
  ]
  return (
    <div className="min-h-0 min-w-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-5xl flex-col gap-4 p-6">
        <div className="flex items-start gap-4">
          <div className="min-w-0 flex-1">
            <h2 className="truncate font-semibold text-md">
              {name ? t('list.named', { number, name }) : t('list.plain', { number })}
            </h2>
            <p className="text-muted">{facts.join(' · ')}</p>
            <p className="mt-1 break-all text-muted text-sm">
              {t('details.hash')} <code className="select-all">{hash}</code>
            </p>
          </div>
          {mayExport && (
            <Button asChild>
              <a href={`/api/versions/${version.id}/export`} download>
                <Download aria-hidden />
                {t('details.download')}
              </a>
            </Button>
          )}
        </div>
        <StatsGrid stats={stats} />
        <Card>
          <CardHeader title={t('balance.title')} description={t('balance.description')} />
          <CardBody>
            <ClassBalance labels={stats.labels} />
          </CardBody>
        </Card>
        <SampleBrowser versionId={version.id} stats={stats} />
      </div>
    </div>
  )
}
