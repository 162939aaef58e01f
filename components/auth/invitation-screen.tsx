'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTRPC } from '../trpc/client.tsx'
import { parseStudioError } from '../trpc/studio-error.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { AuthScreen } from './auth-screen.tsx'
import { InvitationForm } from './invitation-form.tsx'

export interface InvitationScreenProps {
  token: string
  /** Somebody who is signed in joins with that account. */
  email: string | undefined
}

export function InvitationScreen({ token, email }: InvitationScreenProps) {
  const t = useTranslations('auth')
  const trpc = useTRPC()
  const router = useRouter()
  const invitation = useQuery(
    trpc.members.invitation.queryOptions({ token }, { staleTime: Number.POSITIVE_INFINITY }),
  )
  const open = (projectId: string) => {
    router.replace(`/projects/${projectId}`)
    router.refresh()
  }
  const join = useMutation(
    trpc.members.join.mutationOptions({ onSuccess: ({ projectId }) => open(projectId) }),
  )

  if (invitation.isPending) {
    return (
      <AuthScreen title={<Skeleton className="h-7 w-48" />}>
        <Skeleton className="h-40" />
      </AuthScreen>
    )
  }
  if (invitation.isError) {
    if (parseStudioError(invitation.error).code !== 'NOT_FOUND') {
      return (
        <AuthScreen title={t('invitation.pageTitle')}>
          <ErrorState error={invitation.error} onRetry={() => invitation.refetch()} className="p-0" />
        </AuthScreen>
      )
    }
    return (
      <AuthScreen title={t('invitation.expiredTitle')} description={t('invitation.expiredDescription')}>
        <Button asChild size="lg">
          <Link href="/sign-in">{t('invitation.toSignIn')}</Link>
        </Button>
      </AuthScreen>
    )
  }
  const { projectName: project, invitedBy: inviter, role } = invitation.data
  const words = { inviter, role: t(`roles.${role as 'viewer'}`) }
  return (
    <AuthScreen
      title={t('invitation.title', { project })}
      description={email ? t('invitation.joinAs', { ...words, email }) : t('invitation.description', words)}
    >
      {email ? (
        <Button variant="primary" size="lg" busy={join.isPending} onClick={() => join.mutate({ token })}>
          {t('invitation.join')}
        </Button>
      ) : (
        <InvitationForm token={token} onJoined={open} />
      )}
    </AuthScreen>
  )
}
