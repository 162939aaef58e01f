'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { AddFolderForm } from './add-folder-form.tsx'
import { FetchModelForm } from './fetch-model-form.tsx'

/** A base model from a hub, or from a folder that is on the server already. */
export function AddModelDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('models.dialog')
  const [from, setFrom] = useState<'hub' | 'folder'>('hub')
  const [isBusy, setBusy] = useState(false)
  const form = useId()
  const Form = from === 'hub' ? FetchModelForm : AddFolderForm
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('title')}
      description={t('description')}
      footer={
        <Button variant="primary" type="submit" form={form} busy={isBusy}>
          {from === 'hub' ? t('fetch') : t('submit')}
        </Button>
      }
    >
      <Segmented
        aria-label={t('from')}
        value={from}
        onValueChange={setFrom}
        options={[
          { value: 'hub', label: t('hub') },
          { value: 'folder', label: t('folder') },
        ]}
        className="mb-4"
      />
      <Form id={form} onDone={onClose} onBusy={setBusy} />
    </Dialog>
  )
}
