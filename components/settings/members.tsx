'use client'

import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useProjectId } from '../app-shell/project-context.tsx'
import { useTRPC } from '../trpc/client.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Table, TableBody, TableHead, TableHeaderCell, TableRow } from '../ui/table.tsx'
import { Invitations } from './invitations.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MemberRow } from './member-row.tsx'

export function Members() {
  const t = useTranslations('settings.members')
  const trpc = useTRPC()
  const projectId = useProjectId()
  const people = useQuery(trpc.members.list.queryOptions({ projectId }))
  const [isInviting, setInviting] = useState(false)
  return (
    <Card>
      <CardHeader
        title={t('title')}
        description={t('description')}
        actions={
          <Button icon={<UserPlus />} onClick={() => setInviting(true)}>
            {t('invite')}
          </Button>
        }
      />
      <CardBody className="px-1 pb-2">
        {people.isPending && <Skeleton className="mx-3 h-24" />}
        {people.isError && (
          <ErrorState error={people.error} onRetry={() => people.refetch()} className="py-6" />
        )}
        {people.data && (
          <>
            <Table>
              <TableHead>
                <TableRow>
                  <TableHeaderCell>{t('name')}</TableHeaderCell>
                  <TableHeaderCell>{t('role')}</TableHeaderCell>
                  <TableHeaderCell>{t('since')}</TableHeaderCell>
                  <TableHeaderCell />
                </TableRow>
              </TableHead>
              <TableBody>
                {people.data.members.map((member) => (
                  <MemberRow key={member.userId} member={member} />
                ))}
              </TableBody>
            </Table>
            <Invitations invitations={people.data.invitations} />
          </>
        )}
      </CardBody>
      <InviteDialog open={isInviting} onOpenChange={setInviting} />
    </Card>
  )
}
