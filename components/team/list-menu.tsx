'use client'

import { ChevronDown, Eye, Replace, ScanSearch, UserPlus, Users } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { ImageFilter } from '../../server/contracts/image.ts'
import { useCan } from '../app-shell/project-context.tsx'
import { PrelabelDialog } from '../prelabel/prelabel-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { AssignDialog } from './assign-dialog.tsx'
import { SecondOpinionDialog } from './second-opinion-dialog.tsx'

export interface ListMenuProps {
  filter: ImageFilter
  /** Images that match. */
  total: number
  onReview: () => void
  /** Find and replace among them; null = the person may not. */
  onReplace: (() => void) | null
}

/** What can be asked for with everything that the filter shows. */
export function ListMenu({ filter, total, onReview, onReplace }: ListMenuProps) {
  const t = useTranslations('team.list')
  const prelabel = useTranslations('assist.prelabel')
  const canAssign = useCan('images.assign')
  const canPrelabel = useCan('images.prelabel')
  const canReview = useCan('annotations.review')
  const canManage = useCan('project.manage')
  const [dialog, setDialog] = useState<'assign' | 'secondOpinion' | 'prelabel' | null>(null)
  if (!canAssign || total === 0) return null
  const close = () => setDialog(null)
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button>
            {t('button')}
            <ChevronDown aria-hidden className="text-muted" />
          </Button>
        }
      >
        {canReview && (
          <MenuItem icon={<Eye />} onSelect={onReview}>
            {t('review')}
          </MenuItem>
        )}
        <MenuItem icon={<UserPlus />} onSelect={() => setDialog('assign')}>
          {t('assign', { count: total })}
        </MenuItem>
        {canPrelabel && (
          <MenuItem icon={<ScanSearch />} onSelect={() => setDialog('prelabel')}>
            {prelabel('all', { count: total })}
          </MenuItem>
        )}
        {onReplace && (
          <MenuItem icon={<Replace />} onSelect={onReplace}>
            {t('replace')}
          </MenuItem>
        )}
        {canManage && (
          <MenuItem icon={<Users />} onSelect={() => setDialog('secondOpinion')}>
            {t('secondOpinion')}
          </MenuItem>
        )}
      </Menu>
      <AssignDialog open={dialog === 'assign'} onOpenChange={close} images={{ filter }} count={total} />
      {dialog === 'prelabel' && <PrelabelDialog onClose={close} images={{ filter }} count={total} />}
      <SecondOpinionDialog
        open={dialog === 'secondOpinion'}
        onOpenChange={close}
        images={{ filter }}
        total={total}
      />
    </>
  )
}
