'use client'

import { HeartPulse } from 'lucide-react'
import { useNow, useTranslations } from 'next-intl'
import { cn } from '../ui/cn.ts'
import { openStage, type RunHistory } from './fold-events.ts'
import { useAmounts } from './use-amounts.ts'

/** A step may be shorter; below this nobody wonders. */
const QUIET_SECONDS = 20
/** Three heartbeats of the trainer were missed. */
const SILENT_SECONDS = 120

/** Of a run that says nothing new for a while: that it lives, or that not even its heartbeat comes. */
export function AliveNotice({ history, isActive }: { history: RunHistory; isActive: boolean }) {
  const t = useTranslations('runs.alive')
  const stages = useTranslations('runs.stages')
  const { duration } = useAmounts()
  const now = useNow({ updateInterval: 1000 })
  const { lastTime, heartbeat } = history
  if (!isActive || lastTime === null) return null
  const ago = Math.max(0, (now.getTime() - Date.parse(lastTime)) / 1000)
  const quiet = ago + (heartbeat?.quiet_seconds ?? 0)
  if (quiet < QUIET_SECONDS) return null
  const isSilent = ago > SILENT_SECONDS
  const stage = openStage(history)
  const times = { ago: duration(ago), quiet: duration(quiet) }
  return (
    <p className={cn('flex items-center gap-1.5 text-sm', isSilent ? 'text-warning' : 'text-muted')}>
      <HeartPulse aria-hidden className="size-3.5" />
      {isSilent
        ? t('silent', { ago: duration(ago) })
        : stage
          ? t('alive', { ...times, stage: stages(stage) })
          : t('aliveOnly', times)}
    </p>
  )
}
