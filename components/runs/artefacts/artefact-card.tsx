'use client'

import { Check, Download, TriangleAlert } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useCan } from '../../app-shell/project-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../ui/card.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { CopyButton } from '../copy-button.tsx'
import { useAmounts } from '../use-amounts.ts'
import type { Run } from '../use-live-run.ts'
import { ArtefactFiles } from './artefact-files.tsx'
import { bringsCode, loadCommands } from './load-commands.ts'

export type Artefact = Run['artefacts'][number]

/** One result: what it is, whether it answers like its source, its files, and how to use them. */
export function ArtefactCard({ run, artefact }: { run: Run; artefact: Artefact }) {
  const t = useTranslations('runs.artefacts')
  const { bytes } = useAmounts()
  const canDownload = useCan('artefacts.download')
  const { kind, files, parity } = artefact
  const address = `/api/runs/${run.id}/artefacts/${kind}`
  const size = bytes(files.reduce((sum, file) => sum + file.bytes, 0))
  const commands = loadCommands(kind, `run-${run.number}-${kind}`, files)
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex items-center gap-2">
            {t(`kinds.${kind}.name`)}
            {parity && <ParityBadge parity={parity} />}
          </span>
        }
        description={`${t(`kinds.${kind}.description`)} ${t('files', { count: files.length, size })}`}
        actions={
          canDownload && (
            <Button asChild>
              <a href={`${address}?zip=1`} download>
                <Download aria-hidden /> {t('download')}
              </a>
            </Button>
          )
        }
      />
      <CardBody className="space-y-3">
        <ArtefactFiles files={files} address={canDownload ? address : null} />
        {commands.length > 0 && (
          <details>
            <summary className="font-medium">{t('load')}</summary>
            <dl className="mt-2 space-y-2">
              {commands.map(({ tool, text }) => (
                <div key={tool}>
                  <dt className="text-muted text-sm">{t(`tools.${tool}`)}</dt>
                  <dd className="m-0 flex items-start gap-1">
                    <pre className="m-0 min-w-0 flex-1 overflow-x-auto rounded-md bg-sunken px-2 py-1 font-mono text-sm">
                      {text}
                    </pre>
                    <CopyButton text={text} label={t('copyCommand')} />
                  </dd>
                </div>
              ))}
            </dl>
            {kind === 'merged' && !bringsCode(files) && (
              <p className="mt-2 text-muted text-sm">{t('noForeignTools')}</p>
            )}
          </details>
        )}
      </CardBody>
    </Card>
  )
}

function ParityBadge({ parity }: { parity: NonNullable<Artefact['parity']> }) {
  const t = useTranslations('runs.artefacts')
  const format = useFormatter()
  const digits = (value: number) =>
    format.number(value, { notation: 'scientific', maximumSignificantDigits: 2 })
  const hint = t('parityHint', {
    gap: digits(parity.max_logit_gap),
    samples: parity.samples,
    tolerance: digits(parity.tolerance),
  })
  return (
    <Tooltip content={hint}>
      <button type="button" className="cursor-help">
        <Badge
          tone={parity.passed ? 'success' : 'danger'}
          icon={parity.passed ? <Check /> : <TriangleAlert />}
        >
          {t(parity.passed ? 'parity' : 'parityFailed')}
        </Badge>
      </button>
    </Tooltip>
  )
}
