'use client'

import { ScanSearch } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type Ref, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { Input } from '../../ui/input.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { Entry } from '../document/edit.ts'
import type { ListedEntry } from '../document/entries.ts'
import { looseText, nearDuplicate } from '../document/near-duplicate.ts'
import { checkText, guessKind } from './check-text.ts'

const MAX_SUGGESTIONS = 6

export interface ExpressionInputProps {
  entries: readonly ListedEntry[]
  onChoose: (entry: Entry) => void
  onCancel?: () => void
  /** Asks a model for it instead of drawing it: a button, and Ctrl or ⌘ with Enter. */
  onFind?: ((entry: Entry) => void) | undefined
  /** A digit as the first letter; true = it was a choice and is not typed. */
  onDigit?: (digit: number) => boolean
  /** Accessible name. */
  label: string
  autoFocus?: boolean
  inputRef?: Ref<HTMLInputElement>
}

/** Finds an expression by its text or makes a new one. Enter takes the marked line. */
export function ExpressionInput(props: ExpressionInputProps) {
  const { entries, onChoose, onCancel, onFind, onDigit, label, autoFocus, inputRef } = props
  const t = useTranslations('annotator')
  const listId = useId()
  const noteId = useId()
  const [text, setText] = useState('')
  const [chosenKind, setChosenKind] = useState<Entry['kind'] | null>(null)
  const [marked, setMarked] = useState(0)
  const [isTouched, setTouched] = useState(false)

  const checked = checkText(text)
  const kind = chosenKind ?? guessKind(text)
  const options = optionsFor(text, entries, checked.ok ? { kind, text: checked.text } : null)
  const similar = checked.ok ? nearDuplicate(checked.text, entries) : null
  const problem = !checked.ok && (text.trim() !== '' || isTouched) ? checked.problem : null

  const choose = (entry: Entry, act = onChoose) => {
    setText('')
    setChosenKind(null)
    setMarked(0)
    setTouched(false)
    act(entry)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // While an input method composes, Enter and the arrows belong to it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setMarked((options.length + marked + step) % Math.max(1, options.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const option = options[marked] ?? options[0]
      if (option) choose(option.entry, (event.ctrlKey || event.metaKey) && onFind ? onFind : onChoose)
      else setTouched(true)
    } else if (text === '' && /^[1-9]$/.test(event.key) && onDigit?.(Number(event.key))) {
      event.preventDefault()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      setText('')
      if (onCancel) onCancel()
      else event.currentTarget.blur()
    }
  }
  const isOpen = text !== '' && options.length > 0

  return (
    <div className="flex flex-col gap-1">
      <Input
        ref={inputRef}
        value={text}
        placeholder={t('expressions.add')}
        aria-label={label}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen ? `${listId}-${marked}` : undefined}
        aria-autocomplete="list"
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem || similar ? noteId : undefined}
        autoFocus={autoFocus}
        onChange={(event) => {
          setText(event.target.value)
          setMarked(0)
        }}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <div id={listId} role="listbox" aria-label={t('expressions.suggestions')} className="flex flex-col">
          {options.map((option, place) => (
            <div
              key={option.isNew ? ' new' : option.entry.text}
              id={`${listId}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={place === marked}
              className={cn(
                'flex cursor-default items-center gap-2 rounded-md px-2 py-1',
                place === marked && 'bg-active',
              )}
              onPointerMove={() => setMarked(place)}
              onPointerDown={(event) => {
                // The input keeps the focus; the choice is made before it could blur.
                event.preventDefault()
                choose(option.entry)
              }}
            >
              {option.colour && <Dot colour={option.colour} />}
              <span className="min-w-0 flex-1 truncate">
                {option.isNew
                  ? t('expressions.create', { kind: option.entry.kind, text: option.entry.text })
                  : option.entry.text}
              </span>
            </div>
          ))}
        </div>
      )}
      {text !== '' && (options.some((option) => option.isNew) || onFind) && (
        <div className="flex items-center gap-2">
          {options.some((option) => option.isNew) && (
            <Segmented
              aria-label={t('expressions.kind')}
              className="self-start"
              value={kind}
              onValueChange={setChosenKind}
              options={[
                { value: 'class', label: t('expressions.class') },
                { value: 'phrase', label: t('expressions.phrase') },
              ]}
            />
          )}
          {onFind && (
            <Button
              size="sm"
              icon={<ScanSearch />}
              disabled={options.length === 0}
              onClick={() => {
                const option = options[marked] ?? options[0]
                if (option) choose(option.entry, onFind)
              }}
            >
              {t('expressions.findTyped')}
            </Button>
          )}
        </div>
      )}
      {(problem || similar) && (
        <p
          id={noteId}
          role={problem ? 'alert' : undefined}
          className={cn('text-sm', problem ? 'text-danger' : 'text-warning')}
        >
          {problem && t(`invalid.${problem}`)}
          {!problem && similar && (
            <>
              {t('expressions.similar', { text: similar.text })}{' '}
              <Button size="sm" variant="ghost" onClick={() => choose(similar)}>
                {t('expressions.useSimilar')}
              </Button>
            </>
          )}
        </p>
      )}
    </div>
  )
}

export function Dot({ colour, hollow = false }: { colour: string; hollow?: boolean }) {
  return (
    <span
      aria-hidden
      className="size-2.5 shrink-0 rounded-full border-2"
      style={{ borderColor: colour, backgroundColor: hollow ? 'transparent' : colour }}
    />
  )
}

interface Option {
  entry: Entry
  colour: string | null
  isNew: boolean
}

/** The exact text first, then a new one, then what contains it. */
function optionsFor(text: string, entries: readonly ListedEntry[], fresh: Entry | null): Option[] {
  const loose = looseText(text)
  if (loose === '') return []
  const known = (entry: ListedEntry): Option => ({ entry, colour: entry.colour, isNew: false })
  const exact = entries.filter((entry) => entry.text === fresh?.text)
  const others = entries.filter(
    (entry) => entry.text !== fresh?.text && looseText(entry.text).includes(loose),
  )
  const starts = others.filter((entry) => looseText(entry.text).startsWith(loose))
  const contains = others.filter((entry) => !starts.includes(entry))
  const found = [...exact, ...starts, ...contains].slice(0, MAX_SUGGESTIONS).map(known)
  if (!fresh || exact.length > 0) return found
  // Typing the beginning of a class and Enter takes the class; a whole new text makes a new one.
  const made: Option = { entry: fresh, colour: null, isNew: true }
  return starts.length > 0 ? [...found, made] : [made, ...found]
}
