'use client'

import { useTranslations } from 'next-intl'
import type { ConversationRecord } from '../../server/contracts/conversation.ts'
import { cn } from '../ui/cn.ts'

export type RecordView = 'turns' | 'line'

export interface RecordTextProps {
  /** Null when nothing of it can be asked. */
  record: ConversationRecord | null
  view: RecordView
}

const BLOCK =
  'max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-sm whitespace-pre-wrap break-words'

/** The very text of the export: turn by turn, or the whole line of the file. */
export function RecordText({ record, view }: RecordTextProps) {
  const t = useTranslations('dataset.browser')
  if (!record) return <p className={cn(BLOCK, 'text-muted')}>{t('nothing')}</p>
  if (view === 'line') return <pre className={BLOCK}>{JSON.stringify(record)}</pre>
  return (
    <ol className={BLOCK}>
      {record.conversations.map(({ from, value }, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: frozen, so the order is the identity
          key={index}
          className={cn('grid grid-cols-[4rem_1fr] gap-2', index % 2 === 1 && 'mb-3 last:mb-0')}
        >
          <span className={cn('select-none', from === 'gpt' ? 'text-accent' : 'text-muted')}>{from}</span>
          <span>{value}</span>
        </li>
      ))}
    </ol>
  )
}
