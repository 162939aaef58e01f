'use client'

import { Filter, FolderUp, Pencil, Trash2, Upload, Workflow } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { type StudioAction, useActions } from '../app-shell/actions.ts'
import type { FilePicker } from './use-file-picker.tsx'

export interface ImageActions {
  picker: FilePicker
  canImport: boolean
  canDelete: boolean
  canDraw: boolean
  draw: () => void
  hasSelection: boolean
  focusFilter: () => void
  open: () => void
  clear: () => void
  remove: () => void
}

/** What the palette, the shortcuts and the sheet offer on the page of images. */
export function useImageActions(actions: ImageActions): void {
  const t = useTranslations('images.actions')
  const { picker, canImport, canDelete, canDraw, draw, hasSelection, focusFilter, open, clear, remove } =
    actions
  useActions(
    useMemo((): StudioAction[] => {
      const group = t('group')
      const shown = { group, ownKeys: true, isAvailable: false, run: () => undefined }
      return [
        {
          name: 'images.importFiles',
          label: t('importFiles'),
          group,
          keys: 'u',
          icon: <Upload />,
          isAvailable: canImport,
          run: picker.chooseFiles,
        },
        {
          name: 'images.importFolder',
          label: t('importFolder'),
          group,
          keys: 'shift+u',
          icon: <FolderUp />,
          isAvailable: canImport,
          run: picker.chooseFolder,
        },
        {
          name: 'images.draw',
          label: t('draw'),
          group,
          icon: <Workflow />,
          isAvailable: canDraw,
          run: draw,
        },
        { name: 'images.filter', label: t('filter'), group, keys: '/', icon: <Filter />, run: focusFilter },
        {
          name: 'images.open',
          label: t('open'),
          group,
          keys: 'enter',
          ownKeys: true,
          icon: <Pencil />,
          isAvailable: hasSelection,
          run: open,
        },
        {
          name: 'images.delete',
          label: t('delete'),
          group,
          keys: 'delete',
          icon: <Trash2 />,
          isAvailable: hasSelection && canDelete,
          run: remove,
        },
        {
          name: 'images.clear',
          label: t('clear'),
          group,
          keys: 'escape',
          isAvailable: hasSelection,
          run: clear,
        },
        // The grid answers these itself; they are named here for the sheet.
        { ...shown, name: 'images.move', label: t('move'), keys: 'arrowleft arrowright' },
        { ...shown, name: 'images.extend', label: t('extend'), keys: 'shift+arrowright' },
        { ...shown, name: 'images.selectAll', label: t('selectAll'), keys: 'mod+a' },
      ]
    }, [t, picker, canImport, canDelete, canDraw, draw, hasSelection, focusFilter, open, clear, remove]),
  )
}
