'use client'

import { Ban, Check, CircleDashed, CircleDot, CircleX, LoaderCircle, Square, Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { RunStatus } from '../../server/contracts/run.ts'
import { Badge, type Tone } from '../ui/badge.tsx'

const LOOK: Record<RunStatus, { tone: Tone; icon: ReactNode }> = {
  queued: { tone: 'neutral', icon: <CircleDashed /> },
  starting: { tone: 'accent', icon: <LoaderCircle className="animate-spin" /> },
  running: { tone: 'accent', icon: <CircleDot /> },
  stopping: { tone: 'warning', icon: <Square /> },
  succeeded: { tone: 'success', icon: <Check /> },
  stopped: { tone: 'neutral', icon: <Ban /> },
  failed: { tone: 'danger', icon: <CircleX /> },
  lost: { tone: 'danger', icon: <Unplug /> },
}

export function RunStatusBadge({ status }: { status: RunStatus }) {
  const t = useTranslations('runs.status')
  const { tone, icon } = LOOK[status]
  return (
    <Badge tone={tone} icon={icon}>
      {t(status)}
    </Badge>
  )
}
