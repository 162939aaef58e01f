'use client'

import { ScanSearch, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, memo, useCallback, useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Input } from '../../ui/input.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { Finder } from '../actions/action.ts'
import { renameExpression } from '../document/edit.ts'
import type { ListedEntry } from '../document/entries.ts'
import { toggled } from '../document/guards.ts'
import type { ExpressionWarning } from '../document/warnings.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useLatest } from '../editor/use-latest.ts'
import { useStateOf } from '../editor/use-state-of.ts'
import { useKeymap, useKeyNames } from '../keymap/use-keymap.ts'
import { checkText } from './check-text.ts'
import { EntryMenu } from './entry-menu.tsx'
import { Dot } from './expression-input.tsx'
import { GuardButton } from './guard-button.tsx'

export interface EntryRowProps {
  entry: ListedEntry
  editor: Editor
  isActive: boolean
  readOnly: boolean
  finder: Finder | null
  warnings: readonly ExpressionWarning[]
}

/** One expression of the image: what it is, how many boxes it has, and what can be done with it. */
export const EntryRow = memo(function EntryRow(props: EntryRowProps) {
  const { entry, editor, isActive, readOnly, finder, warnings } = props
  const [isRenaming, setRenaming] = useStateOf(editor, false)
  const { kind, text } = entry
  const latest = useLatest({ editor, finder, setRenaming })
  const rename = useCallback(() => latest.current.setRenaming(true), [latest])
  const find = useCallback(() => {
    latest.current.editor.setActive({ kind, text })
    latest.current.finder?.find([{ kind, text }])
  }, [latest, kind, text])
  return (
    <li
      className={cn(
        'group flex min-h-7 items-center rounded-md pr-0.5 pl-1.5 hover:bg-hover',
        isActive && 'bg-accent-soft hover:bg-accent-soft',
      )}
      data-state={entry.state}
    >
      {isRenaming ? (
        <Rename entry={entry} editor={editor} onEnd={() => setRenaming(false)} />
      ) : (
        <button
          type="button"
          aria-pressed={isActive}
          className="flex min-w-0 flex-1 items-center gap-2 rounded-md py-1 text-left"
          onClick={() => editor.setActive(isActive ? null : { kind, text })}
          onDoubleClick={() => entry.expression && !readOnly && setRenaming(true)}
        >
          {entry.digit === null ? <span className="w-4.5" /> : <Kbd keys={String(entry.digit)} />}
          <Dot colour={entry.colour} hollow={entry.state !== 'boxes'} />
          <span
            className={cn(
              'min-w-0 flex-1 truncate',
              kind === 'phrase' && 'italic',
              entry.state === 'unused' && 'text-muted',
            )}
            title={text}
          >
            {kind === 'phrase' ? `“${text}”` : text}
          </span>
          <Count entry={entry} />
        </button>
      )}
      {!isRenaming && finder && <FindButton text={text} isActive={isActive} onFind={find} />}
      {!isRenaming && warnings.length > 0 && <Warnings warnings={warnings} />}
      {!isRenaming && entry.state === 'boxes' && <EntryGuards text={text} editor={editor} />}
      {/* Gone while renaming: a closing menu gives the focus back to its button, away from the input. */}
      {!readOnly && !isRenaming && (
        <EntryMenu kind={kind} text={text} state={entry.state} latest={latest} onRename={rename} />
      )}
    </li>
  )
}, isSameRow)

interface FindButtonProps {
  text: string
  isActive: boolean
  onFind: () => void
}

const FindButton = memo(function FindButton({ text, isActive, onFind }: FindButtonProps) {
  const t = useTranslations('annotator.expressions')
  const keymap = useKeymap()
  return (
    <IconButton
      size="sm"
      label={t('find', { text })}
      shortcut={isActive ? keymap.get('findIt')?.[0] : undefined}
      icon={<ScanSearch />}
      className={cn(
        !isActive &&
          'opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100',
      )}
      onClick={onFind}
    />
  )
})

/** Entries are listed anew with every edit, and most of them say what they said before. */
function isSameRow({ entry, ...row }: EntryRowProps, { entry: listed, ...now }: EntryRowProps): boolean {
  return hasSameFields(row, now) && hasSameFields(entry, listed)
}

function hasSameFields<T extends object>(before: T, now: T): boolean {
  return (Object.keys(now) as (keyof T)[]).every((key) => Object.is(before[key], now[key]))
}

function Count({ entry }: { entry: ListedEntry }) {
  const t = useTranslations('annotator.expressions')
  const key = useKeyNames()
  switch (entry.state) {
    case 'boxes':
      return (
        <span data-numeric className="text-muted">
          <span aria-hidden>▣ × {entry.boxes}</span>
          <span className="sr-only">{t('boxes', { count: entry.boxes })}</span>
        </span>
      )
    case 'negative':
      return <Badge tone="neutral">{t('negative')}</Badge>
    case 'draft':
      return (
        <span title={t('draftHint', { key: key('negative') })}>
          <Badge tone="warning">{t('draft')}</Badge>
        </span>
      )
    case 'unused':
      return null
  }
}

/** Why this expression may teach the model something wrong. */
function Warnings({ warnings }: { warnings: readonly ExpressionWarning[] }) {
  const t = useTranslations('annotator.warnings')
  const words = warnings
    .map((warning) =>
      warning.code === 'similar'
        ? t('similar', { text: warning.text })
        : t('ambiguous', { count: warning.boxes }),
    )
    .join(' ')
  return (
    <Tooltip content={words} side="left">
      <button type="button" aria-label={words} className="shrink-0 rounded-sm p-0.5 text-warning">
        <TriangleAlert aria-hidden className="size-3.5" />
      </button>
    </Tooltip>
  )
}

function EntryGuards({ text, editor }: { text: string; editor: Editor }) {
  const t = useTranslations('annotator.expressions')
  const guards = useEditor(editor, (state) => state.guards)
  return (
    <>
      <GuardButton
        kind="lock"
        isOn={guards.lockedTexts.has(text)}
        label={t('lock', { text })}
        onToggle={() => editor.setGuards({ ...guards, lockedTexts: toggled(guards.lockedTexts, [text]) })}
      />
      <GuardButton
        kind="hide"
        isOn={guards.hiddenTexts.has(text)}
        label={t('hide', { text })}
        onToggle={() => editor.setGuards({ ...guards, hiddenTexts: toggled(guards.hiddenTexts, [text]) })}
      />
    </>
  )
}

function Rename({ entry, editor, onEnd }: { entry: ListedEntry; editor: Editor; onEnd: () => void }) {
  const t = useTranslations('annotator')
  const [text, setText] = useState(entry.text)
  const checked = checkText(text)

  const finish = () => {
    onEnd()
    if (!checked.ok || !entry.expression) return
    const changes = renameExpression(editor.getState().doc, entry.expression.id, checked.text)
    if (changes) editor.commit('rename', changes)
    else editor.notify({ code: 'alreadyHere', text: checked.text })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && checked.ok) finish()
    if (event.key === 'Escape') onEnd()
  }
  return (
    <Input
      size="sm"
      autoFocus
      value={text}
      aria-label={t('expressions.renameLabel', { text: entry.text })}
      aria-invalid={checked.ok ? undefined : true}
      title={checked.ok ? undefined : t(`invalid.${checked.problem}`)}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={finish}
    />
  )
}
