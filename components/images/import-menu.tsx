'use client'

import { ChevronDown, FileArchive, FolderUp, Upload, Workflow } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import type { FilePicker } from './use-file-picker.tsx'

export interface ImportMenuProps {
  picker: FilePicker
  /** null = this person may not. */
  onDraw: (() => void) | null
}

export function ImportMenu({ picker, onDraw }: ImportMenuProps) {
  const t = useTranslations('images.import')
  return (
    <Menu
      trigger={
        <Button variant="primary" icon={<Upload />}>
          {t('button')}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuItem icon={<FileArchive className="text-muted" />} shortcut="u" onSelect={picker.chooseFiles}>
        {t('files')}
      </MenuItem>
      <MenuItem icon={<FolderUp className="text-muted" />} shortcut="shift+u" onSelect={picker.chooseFolder}>
        {t('folder')}
      </MenuItem>
      {onDraw && (
        <>
          <MenuSeparator />
          <MenuItem icon={<Workflow className="text-muted" />} onSelect={onDraw}>
            {t('draw')}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}
