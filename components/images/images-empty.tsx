'use client'

import { FolderUp, Images, SearchX, Upload, Workflow } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { FilePicker } from './use-file-picker.tsx'

export interface NoImagesProps {
  picker: FilePicker
  canImport: boolean
  /** null = this person may not. */
  onDraw: (() => void) | null
}

export function NoImages({ picker, canImport, onDraw }: NoImagesProps) {
  const t = useTranslations('images.empty')
  if (!canImport) return <EmptyState icon={<Images />} title={t('viewer')} className="h-full" />
  return (
    <div className="h-full p-6">
      <EmptyState
        icon={<Images />}
        title={t('title')}
        description={t('description')}
        className="h-full rounded-xl border border-border-strong border-dashed"
        action={
          <>
            <Button variant="primary" icon={<Upload />} onClick={picker.chooseFiles}>
              {t('chooseFiles')}
            </Button>
            <Button icon={<FolderUp />} onClick={picker.chooseFolder}>
              {t('chooseFolder')}
            </Button>
            {onDraw && (
              <Button icon={<Workflow />} onClick={onDraw}>
                {t('draw')}
              </Button>
            )}
          </>
        }
      />
    </div>
  )
}

export function NoMatch({ onClear }: { onClear: () => void }) {
  const t = useTranslations('images.noMatch')
  return (
    <EmptyState
      icon={<SearchX />}
      title={t('title')}
      description={t('description')}
      className="h-full"
      action={<Button onClick={onClear}>{t('clear')}</Button>}
    />
  )
}
