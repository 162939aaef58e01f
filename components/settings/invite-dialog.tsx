'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { InviteMember } from '../../server/contracts/member.ts'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { toast } from '../ui/toast.tsx'

const ROLES = InviteMember.shape.role.options

export interface InviteDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Two steps: choose what the person may do, then take the link, which is shown this once. */
export function InviteDialog({ open, onOpenChange }: InviteDialogProps) {
  const t = useTranslations('settings')
  const common = useTranslations('common')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const projectId = useProjectId()
  const [role, setRole] = useState<(typeof ROLES)[number]>('annotator')
  const invite = useMutation(
    trpc.members.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.members.list.queryFilter({ projectId })),
    }),
  )
  const close = (next: boolean) => {
    invite.reset()
    onOpenChange(next)
  }

  if (invite.data) {
    const link = `${window.location.origin}/invite/${invite.data.token}`
    const copy = () =>
      navigator.clipboard.writeText(link).then(
        () => toast.success(t('invite.copied')),
        () => toast.error(t('invite.copyFailed')),
      )
    return (
      <Dialog
        open={open}
        onOpenChange={close}
        title={t('invite.linkTitle')}
        description={t('invite.linkDescription')}
        footer={
          <>
            <Button onClick={() => close(false)}>{t('invite.done')}</Button>
            <Button variant="primary" icon={<Copy />} onClick={copy}>
              {t('invite.copy')}
            </Button>
          </>
        }
      >
        <Field label={t('invite.link')}>
          <Input
            readOnly
            value={link}
            className="font-mono text-sm"
            onFocus={(event) => event.target.select()}
          />
        </Field>
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={t('invite.title')}
      description={t('invite.description')}
      footer={
        <>
          <Button onClick={() => close(false)}>{common('cancel')}</Button>
          <Button
            variant="primary"
            busy={invite.isPending}
            onClick={() => invite.mutate({ projectId, role })}
          >
            {t('invite.create')}
          </Button>
        </>
      }
    >
      <Field label={t('invite.role')} hint={t(`roles.${role}.hint`)}>
        <Select
          value={role}
          onValueChange={setRole}
          options={ROLES.map((value) => ({ value, label: t(`roles.${value}.name`) }))}
        />
      </Field>
    </Dialog>
  )
}
