'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { Role } from '../../server/contracts/roles.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'

/** Links that were made and not used yet. The links themselves are not known any more. */
export function Invitations({
  invitations,
}: {
  invitations: RouterOutputs['members']['list']['invitations']
}) {
  const t = useTranslations('settings')
  const format = useFormatter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const projectId = useProjectId()
  const revoke = useMutation(
    trpc.members.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.members.list.queryFilter({ projectId }))
        toast.success(t('invitations.revoked'))
      },
    }),
  )
  if (invitations.length === 0) return null
  return (
    <div className="mt-2 border-border border-t px-3 pt-3">
      <h3 className="mb-1 font-medium text-muted text-sm">{t('invitations.title')}</h3>
      <ul>
        {invitations.map(({ id, role, expiresAt, invitedBy }) => (
          <li key={id} className="flex h-9 items-center gap-3">
            <span className="font-medium">{t(`roles.${Role.parse(role)}.name`)}</span>
            <span className="flex-1 text-muted">
              {t('invitations.by', { name: invitedBy })} ·{' '}
              {t('invitations.expires', { date: format.dateTime(expiresAt, { dateStyle: 'medium' }) })}
            </span>
            <Button
              size="sm"
              busy={revoke.isPending && revoke.variables.invitationId === id}
              onClick={() => revoke.mutate({ projectId, invitationId: id })}
            >
              {t('invitations.revoke')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
