'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { AlertDialog } from 'radix-ui'
import { useTRPC } from '../trpc/client.tsx'
import { OVERLAY_CLASSES } from '../ui/overlay.tsx'
import { Progress } from '../ui/progress.tsx'

/** Often enough that the bar moves, seldom enough that the server draws. */
const LOOK_EVERY_MS = 400

/** Cannot be closed: the sample is in whole or not at all, and then the page changes. */
export function SampleProgressDialog({ open }: { open: boolean }) {
  const t = useTranslations('projects.sampleProgress')
  const trpc = useTRPC()
  const { data: progress } = useQuery(
    trpc.samples.progress.queryOptions(undefined, { enabled: open, refetchInterval: LOOK_EVERY_MS }),
  )
  return (
    <AlertDialog.Root open={open}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={OVERLAY_CLASSES} />
        <AlertDialog.Content className="fixed top-[24vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-sm -translate-x-1/2 animate-appear rounded-xl border border-border bg-raised p-5 shadow-dialog outline-none">
          <AlertDialog.Title className="font-semibold text-md">{t('title')}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 mb-4 text-muted">
            {t('description')}
          </AlertDialog.Description>
          <Progress value={progress ? progress.done / progress.total : null} label={t('title')} />
          <p role="status" className="mt-2 h-5 text-muted text-sm tabular-nums">
            {progress && t('count', { ...progress })}
          </p>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
