'use client'

import { Check, CloudOff, HardDrive, LoaderCircle, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useSyncExternalStore } from 'react'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import type { Session, SessionState } from '../sync/session.ts'

export function useSession(session: Session): SessionState {
  return useSyncExternalStore(session.subscribe, session.getState, session.getState)
}

/** Where the work is: on the server, on its way, or kept in this browser. */
export function SaveState({ session }: { session: Session }) {
  const t = useTranslations('annotator.sync')
  const { sync, postponed, unkept } = useSession(session)
  const looks = {
    saved: { icon: <Check />, tone: 'text-muted', words: () => t('saved') },
    waiting: {
      icon: <LoaderCircle />,
      tone: 'text-muted',
      words: (count: number) => t('waiting', { count }),
    },
    saving: { icon: <LoaderCircle className="animate-spin" />, tone: 'text-muted', words: () => t('saving') },
    offline: { icon: <CloudOff />, tone: 'text-warning', words: (count: number) => t('offline', { count }) },
    storage: {
      icon: <HardDrive />,
      tone: 'text-danger',
      words: (count: number) => (sync.at === 'storage' ? t(`storage.${sync.problem}`, { count }) : ''),
    },
    conflict: { icon: <TriangleAlert />, tone: 'text-warning', words: () => t('conflict') },
    refused: { icon: <TriangleAlert />, tone: 'text-danger', words: () => t('refused') },
  }[sync.at]
  return (
    <span className="flex items-center gap-2">
      <span
        role="status"
        data-sync={sync.at}
        className={cn('flex items-center gap-1.5 whitespace-nowrap [&_svg]:size-3.5', looks.tone)}
      >
        {looks.icon}
        {looks.words('changes' in sync ? sync.changes : 0)}
      </span>
      {(sync.at === 'offline' || sync.at === 'storage') && (
        <Button size="sm" onClick={() => session.flush()}>
          {t('retry')}
        </Button>
      )}
      {postponed && (sync.at === 'conflict' || sync.at === 'refused') && (
        <Button size="sm" onClick={() => session.postpone(false)}>
          {t('decide')}
        </Button>
      )}
      {unkept && (
        <span role="alert" className="text-danger text-sm">
          {t('unkept', { count: 'changes' in sync ? sync.changes : 0 })}
        </span>
      )}
    </span>
  )
}
