'use client'

import { ChevronDown, Pencil, ScanSearch, Trash2, UserPlus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { writePositions } from '../../server/contracts/image-positions.ts'
import { useCan } from '../app-shell/project-context.tsx'
import { PrelabelDialog } from '../prelabel/prelabel-dialog.tsx'
import { AssignDialog } from '../team/assign-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { SPLIT_VALUES } from './image-filter.ts'
import { StatusDot } from './status-dot.tsx'
import type { useChangeImages } from './use-change-images.ts'

/** `new` is never set, and returning asks for a reason: that is done at the image. */
const SET_BY_HAND = ['in_work', 'done', 'accepted'] as const

export interface SelectionBarProps {
  /** Positions, ascending. */
  chosen: Int32Array
  changes: ReturnType<typeof useChangeImages>
  onOpen: () => void
  onDelete: () => void
  onClear: () => void
}

/** What can be done with the images that are chosen; takes the place of the filter's count. */
export function SelectionBar({ chosen, changes, onOpen, onDelete, onClear }: SelectionBarProps) {
  const t = useTranslations('images')
  const canAnnotate = useCan('annotations.write')
  const canReview = useCan('annotations.review')
  const canAssign = useCan('images.assign')
  const canPrelabel = useCan('images.prelabel')
  const prelabel = useTranslations('assist.prelabel')
  const [isAssigning, setAssigning] = useState(false)
  const [isPrelabelling, setPrelabelling] = useState(false)
  const canSplit = useCan('project.manage')
  const canDelete = useCan('images.delete')
  return (
    <div className="flex items-center gap-1.5">
      <span role="status" className="mr-1 whitespace-nowrap text-muted tabular-nums">
        {t('selection.count', { count: chosen.length })}
      </span>
      {chosen.length === 1 && (
        <Button icon={<Pencil />} onClick={onOpen}>
          {t('selection.annotate')}
        </Button>
      )}
      {canAnnotate && (
        <Menu
          trigger={
            <Button busy={changes.isBusy}>
              {t('selection.status')}
              <ChevronDown aria-hidden className="text-muted" />
            </Button>
          }
        >
          {SET_BY_HAND.filter((status) => canReview || status !== 'accepted').map((status) => (
            <MenuItem
              key={status}
              icon={<StatusDot status={status} />}
              onSelect={() => changes.setStatus(chosen, status)}
            >
              {t(`statuses.${status}`)}
            </MenuItem>
          ))}
        </Menu>
      )}
      {canAssign && (
        <>
          <Button icon={<UserPlus />} onClick={() => setAssigning(true)}>
            {t('selection.assign')}
          </Button>
          <AssignDialog
            open={isAssigning}
            onOpenChange={setAssigning}
            images={{ positions: writePositions(chosen) }}
            count={chosen.length}
          />
        </>
      )}
      {canPrelabel && (
        <>
          <Button icon={<ScanSearch />} onClick={() => setPrelabelling(true)}>
            {prelabel('button')}
          </Button>
          {isPrelabelling && (
            <PrelabelDialog
              onClose={() => setPrelabelling(false)}
              images={{ positions: writePositions(chosen) }}
              count={chosen.length}
            />
          )}
        </>
      )}
      {canSplit && (
        <Menu
          trigger={
            <Button busy={changes.isBusy}>
              {t('selection.split')}
              <ChevronDown aria-hidden className="text-muted" />
            </Button>
          }
        >
          {SPLIT_VALUES.map((split) => (
            <MenuItem key={split} onSelect={() => changes.setSplit(chosen, split === 'none' ? null : split)}>
              {t(`splits.${split}`)}
            </MenuItem>
          ))}
        </Menu>
      )}
      {canDelete && (
        <IconButton label={t('selection.delete')} icon={<Trash2 />} shortcut="delete" onClick={onDelete} />
      )}
      <IconButton label={t('selection.clear')} icon={<X />} shortcut="escape" onClick={onClear} />
    </div>
  )
}
