'use client'

import { useMutation } from '@tanstack/react-query'
import { CopyPlus, Ellipsis, OctagonX, RotateCw, ScanEye, Square, Trash } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { RunId } from '../../server/contracts/ids.ts'
import { ENDED, LEGAL_MOVES } from '../../server/contracts/run.ts'
import { useCan } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'
import { StartSheet } from './start/start-sheet.tsx'
import type { Run } from './use-live-run.ts'

/** What can be done with a run as it stands now. */
export function RunActions({ run }: { run: Run }) {
  const t = useTranslations('runs')
  const trpc = useTRPC()
  const router = useRouter()
  const [dialog, setDialog] = useState<'stopNow' | 'delete' | 'clone' | null>(null)
  const canStart = useCan('runs.start')
  const canStop = useCan('runs.stop')
  const canManage = useCan('project.manage')
  const close = () => setDialog(null)
  const stop = useMutation(trpc.runs.stop.mutationOptions({ onSuccess: close }))
  const resume = useMutation(trpc.runs.resume.mutationOptions())
  const remove = useMutation(
    trpc.runs.delete.mutationOptions({
      onSuccess: () => {
        toast.success(t('actions.deleted', { number: run.number }))
        router.push(`/projects/${run.projectId}/runs`)
      },
    }),
  )
  const runId = RunId.parse(run.id)
  const hasEnded = ENDED.includes(run.status)
  const canResume = canStart && LEGAL_MOVES[run.status].includes('queued')
  const isStoppable = canStop && !hasEnded

  return (
    <div className="flex items-center gap-2">
      {run.status === 'succeeded' && (
        <Button variant="primary" asChild>
          <Link href={`/projects/${run.projectId}/review?run=${run.id}`}>
            <ScanEye aria-hidden /> {t('actions.review')}
          </Link>
        </Button>
      )}
      {isStoppable && run.status !== 'stopping' && (
        <Button icon={<Square />} busy={stop.isPending} onClick={() => stop.mutate({ runId, mode: 'save' })}>
          {run.status === 'queued' ? t('actions.cancel') : t('actions.stop')}
        </Button>
      )}
      {canResume && (
        <Button
          variant="primary"
          icon={<RotateCw />}
          busy={resume.isPending}
          onClick={() => resume.mutate({ runId })}
        >
          {t('actions.resume')}
        </Button>
      )}
      <Menu
        align="end"
        trigger={<IconButton variant="secondary" icon={<Ellipsis />} label={t('actions.more')} />}
      >
        <MenuItem icon={<CopyPlus />} disabled={!canStart} onSelect={() => setDialog('clone')}>
          {t('actions.clone')}
        </MenuItem>
        <MenuItem
          icon={<OctagonX />}
          danger
          disabled={!isStoppable || run.status === 'queued' || run.stopRequest === 'now'}
          onSelect={() => setDialog('stopNow')}
        >
          {t('actions.stopNow')}
        </MenuItem>
        <MenuItem
          icon={<Trash />}
          danger
          disabled={!hasEnded || !canManage}
          onSelect={() => setDialog('delete')}
        >
          {t('actions.delete')}
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={dialog === 'stopNow'}
        onOpenChange={close}
        title={t('actions.stopNowTitle', { number: run.number })}
        description={t('actions.stopNowDescription', { step: run.checkpointStep ?? 0 })}
        confirmLabel={t('actions.stopNow')}
        busy={stop.isPending}
        onConfirm={() => stop.mutate({ runId, mode: 'now' })}
      />
      <ConfirmDialog
        open={dialog === 'delete'}
        onOpenChange={close}
        title={t('actions.deleteTitle', { number: run.number })}
        description={t('actions.deleteDescription')}
        confirmLabel={t('actions.deleteConfirm')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ runId })}
      />
      {dialog === 'clone' && <StartSheet cloneOf={run} onClose={close} />}
    </div>
  )
}
