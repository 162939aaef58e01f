'use client'

import { useTranslations } from 'next-intl'
import { useSession } from '../annotator/panels/save-state.tsx'
import type { Session } from '../annotator/sync/session.ts'
import { useErrorWords } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toast.tsx'

/** The server will not take what was sent, whatever the network: its words, and the two ways out. */
export function RefusedDialog({ session }: { session: Session }) {
  const t = useTranslations('annotator.refused')
  const words = useErrorWords()
  const { sync, postponed } = useSession(session)
  if (sync.at !== 'refused' || postponed) return null
  const discard = () =>
    session.discardUnsaved().catch((error: unknown) => {
      const { title, description } = words(error)
      toast.error(title, { description })
    })
  return (
    <Dialog
      open
      onOpenChange={() => session.postpone(true)}
      title={t('title')}
      description={sync.message}
      footer={
        <>
          <Button variant="danger" onClick={discard}>
            {t('discard')}
          </Button>
          <Button variant="primary" onClick={() => session.retry()}>
            {t('retry')}
          </Button>
        </>
      }
    />
  )
}
