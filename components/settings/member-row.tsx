'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { UserMinus } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Role } from '../../server/contracts/roles.ts'
import { useCan, useProjectId } from '../app-shell/project-context.tsx'
import { useViewer } from '../app-shell/viewer.tsx'
import { type RouterOutputs, useTRPC } from '../trpc/client.tsx'
import { Badge } from '../ui/badge.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Select } from '../ui/select.tsx'
import { TableCell, TableRow } from '../ui/table.tsx'
import { toast } from '../ui/toast.tsx'

type Member = RouterOutputs['members']['list']['members'][number]

export function MemberRow({ member }: { member: Member }) {
  const t = useTranslations('settings')
  const format = useFormatter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const viewer = useViewer()
  const projectId = useProjectId()
  const isOwner = useCan('project.delete')
  const [isRemoving, setRemoving] = useState(false)
  const { userId, name, email, createdAt } = member
  const role = Role.parse(member.role)

  const refresh = () => queryClient.invalidateQueries(trpc.members.list.queryFilter({ projectId }))
  const changeRole = useMutation(
    trpc.members.changeRole.mutationOptions({
      onSuccess: async (_, change) => {
        await refresh()
        toast.success(t('members.roleChanged', { name, role: t(`roles.${change.role}.name`) }))
      },
    }),
  )
  const remove = useMutation(
    trpc.members.remove.mutationOptions({
      onSuccess: async () => {
        setRemoving(false)
        await refresh()
        toast.success(t('members.removed', { name }))
      },
    }),
  )
  // Only an owner makes or unmakes owners; the server holds the same rule.
  const isLocked = role === 'owner' && !isOwner
  const roles = Role.options.filter((option) => option !== 'owner' || isOwner)

  return (
    <TableRow>
      <TableCell>
        <span className="flex items-center gap-2 py-1.5">
          <span className="min-w-0">
            <span className="block truncate font-medium">{name}</span>
            <span className="block truncate text-muted text-sm">{email}</span>
          </span>
          {userId === viewer.id && <Badge>{t('members.you')}</Badge>}
        </span>
      </TableCell>
      <TableCell>
        <Select
          aria-label={t('members.role')}
          value={role}
          disabled={isLocked || changeRole.isPending}
          className="w-36"
          onValueChange={(next) => changeRole.mutate({ projectId, userId, role: next })}
          options={(isLocked ? Role.options : roles).map((value) => ({
            value,
            label: t(`roles.${value}.name`),
            hint: t(`roles.${value}.hint`),
          }))}
        />
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {format.dateTime(createdAt, { dateStyle: 'medium' })}
      </TableCell>
      <TableCell className="w-10">
        <IconButton
          label={t('members.remove', { name })}
          icon={<UserMinus />}
          disabled={isLocked}
          onClick={() => setRemoving(true)}
        />
        <ConfirmDialog
          open={isRemoving}
          onOpenChange={setRemoving}
          title={t('members.removeTitle', { name })}
          description={t('members.removeDescription')}
          confirmLabel={t('members.removeConfirm')}
          busy={remove.isPending}
          onConfirm={() => remove.mutate({ projectId, userId })}
        />
      </TableCell>
    </TableRow>
  )
}
