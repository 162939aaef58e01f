'use client'

import { useTranslations } from 'next-intl'
import { useSyncExternalStore } from 'react'
import { useViewer } from '../app-shell/viewer.tsx'
import { sessionGate } from '../trpc/session-gate.ts'
import { Dialog } from '../ui/dialog.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** Opens when a request was refused for want of a session; what was refused is then sent again. */
export function SessionDialog() {
  const t = useTranslations('common.session')
  const { email } = useViewer()
  const expired = useSyncExternalStore(sessionGate.subscribe, sessionGate.isExpired, () => false)
  return (
    <Dialog
      open={expired}
      onOpenChange={(open) => !open && sessionGate.settle(false)}
      title={t('title')}
      description={t('description')}
      size="sm"
    >
      <SignInForm email={email} onSignedIn={() => sessionGate.settle(true)} />
    </Dialog>
  )
}
