'use client'

import { Combine, Ellipsis, Pencil, Replace, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import type { LabelTask } from './label-dialogs.tsx'

export interface FacetMenuProps {
  name: string
  kind: 'class' | 'phrase'
  onTask: (task: LabelTask) => void
  onReplace: () => void
}

/** What can be done with a class or a phrase over the whole project, beside its line in the list. */
export function FacetMenu({ name, kind, onTask, onReplace }: FacetMenuProps) {
  const t = useTranslations('labels')
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          size="sm"
          icon={<Ellipsis />}
          label={t('menu', { name })}
          className="absolute top-0.5 right-1 bg-raised opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100"
        />
      }
    >
      {kind === 'class' && (
        <>
          <MenuItem icon={<Pencil />} onSelect={() => onTask('rename')}>
            {t('rename.open')}
          </MenuItem>
          <MenuItem icon={<Combine />} onSelect={() => onTask('merge')}>
            {t('merge.open')}
          </MenuItem>
        </>
      )}
      <MenuItem icon={<Replace />} onSelect={onReplace}>
        {t('replace.open')}
      </MenuItem>
      {kind === 'class' && (
        <MenuItem icon={<Trash2 />} danger onSelect={() => onTask('delete')}>
          {t('delete.open')}
        </MenuItem>
      )}
    </Menu>
  )
}
