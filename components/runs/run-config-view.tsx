'use client'

import { useTranslations } from 'next-intl'
import type { RunConfig } from '../../server/contracts/run-config.ts'
import { Card, CardBody } from '../ui/card.tsx'
import { CopyButton } from './copy-button.tsx'

/** run.json as the trainer reads it. */
export function RunConfigView({ config }: { config: RunConfig }) {
  const t = useTranslations('runs.config')
  const text = JSON.stringify(config, null, 2)
  return (
    <Card>
      <CardBody className="space-y-2 pt-4">
        <div className="flex items-center gap-2">
          <p className="flex-1 text-muted">
            {t('description')} <code>python -m refbox_trainer train run.json --out DIR</code>
          </p>
          <CopyButton text={text} label={t('copy')} />
        </div>
        <pre className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-sm">{text}</pre>
      </CardBody>
    </Card>
  )
}
