'use client'

import { useTranslations } from 'next-intl'
import type { FetchFailure } from '../../server/contracts/fetch-event.ts'
import { CopyButton } from '../runs/copy-button.tsx'

/** Without network: which files to bring, and into which folder. */
export function CopyByHand({ folder, files, exact }: NonNullable<FetchFailure['copyByHand']>) {
  const t = useTranslations('models.fetches')
  return (
    <div className="mt-2 space-y-1.5 rounded-md bg-sunken p-3">
      <h3 className="font-medium">{t('copyTitle')}</h3>
      <p>{t(exact ? 'copyExact' : 'copyPatterns')}</p>
      <p className="flex items-center gap-1">
        <code className="break-all">{folder}</code>
        <CopyButton text={folder} label={t('copyFolder')} />
      </p>
      <ul className="list-disc pl-5">
        {files.map((file) => (
          <li key={file}>
            <code className="break-words">{file}</code>
          </li>
        ))}
      </ul>
      <p className="text-muted">{t('never')}</p>
      {exact && <CopyButton text={files.join('\n')} label={t('copyFiles')} />}
    </div>
  )
}
