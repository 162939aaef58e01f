'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Box, Expression } from '../../../server/contracts/annotation.ts'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { Choice, Conflict } from '../sync/rebase.ts'
import type { Session } from '../sync/session.ts'
import { useSession } from './save-state.tsx'

/** Mine and theirs side by side for every record that both changed; one choice each. */
export function ConflictDialog({ session }: { session: Session }) {
  const { rebased, postponed } = useSession(session)
  if (!rebased || rebased.conflicts.length === 0 || postponed) return null
  // Choices belong to one question; a new one starts afresh.
  const key = rebased.conflicts.map((conflict) => conflict.id).join(' ')
  return <Question key={key} session={session} conflicts={rebased.conflicts} />
}

function Question({ session, conflicts }: { session: Session; conflicts: readonly Conflict[] }) {
  const t = useTranslations('annotator.conflict')
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map())
  const left = conflicts.length - choices.size
  const chooseAll = (choice: Choice) => setChoices(new Map(conflicts.map(({ id }) => [id, choice])))
  return (
    <Dialog
      open
      onOpenChange={() => session.postpone(true)}
      size="lg"
      title={t('title')}
      description={t('description')}
      footer={
        <>
          <Button variant="ghost" onClick={() => chooseAll('mine')}>
            {t('allMine')}
          </Button>
          <Button variant="ghost" onClick={() => chooseAll('theirs')}>
            {t('allTheirs')}
          </Button>
          <Button variant="primary" disabled={left > 0} onClick={() => session.decide(choices)}>
            {left > 0 ? t('undecided', { count: left }) : t('apply')}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-2">
        {conflicts.map((conflict) => (
          <li key={conflict.id} className="grid grid-cols-2 gap-2">
            {(['mine', 'theirs'] as const).map((side) => (
              <button
                key={side}
                type="button"
                aria-pressed={choices.get(conflict.id) === side}
                className={cn(
                  'flex flex-col items-start gap-0.5 rounded-lg border border-border p-3 text-left hover:bg-hover',
                  choices.get(conflict.id) === side && 'border-accent bg-accent-soft hover:bg-accent-soft',
                )}
                onClick={() => setChoices(new Map(choices).set(conflict.id, side))}
              >
                <span className="text-muted text-sm">{t(side)}</span>
                <RecordWords
                  session={session}
                  record={conflict[side]}
                  other={conflict.mine ?? conflict.theirs}
                />
              </button>
            ))}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

interface RecordWordsProps {
  session: Session
  record: Box | Expression | null
  /** The side that is not deleted tells what kind of record it is. */
  other: Box | Expression | null
}

function RecordWords({ session, record, other }: RecordWordsProps) {
  const t = useTranslations('annotator.conflict')
  const format = useFormatter()
  const number = (value: number) => format.number(value, { maximumFractionDigits: 1, useGrouping: false })
  if (!record) {
    return (
      <span>
        {other && 'text' in other ? `${t('expression')} “${other.text}”` : t('box')}: {t('deleted')}
      </span>
    )
  }
  if ('text' in record) return <span className="break-words">“{record.text}”</span>
  const names = record.expressionIds.map((id) => session.textOf(id) ?? '…').join(' · ')
  return (
    <>
      <span className="break-words">
        {t('box')} {names}
      </span>
      <span data-numeric className="text-muted text-sm">
        {number(record.x)}, {number(record.y)} · {number(record.width)} × {number(record.height)}
      </span>
    </>
  )
}
