'use client'

import { ListFilter, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { IconButton } from '../ui/icon-button.tsx'
import { Input } from '../ui/input.tsx'
import { applySuggestion, type Suggestion, suggest } from './filter-suggestions.ts'
import { FilterSuggestions } from './filter-suggestions-list.tsx'
import type { FilterProblem } from './image-filter.ts'
import type { ImageCounts } from './use-image-list.ts'

/** Long enough that a word is typed in one go, short enough to feel immediate. */
const SETTLE_MS = 120

export interface FilterBoxProps {
  text: string
  onTextChange: (text: string) => void
  problems: readonly FilterProblem[]
  counts: ImageCounts | undefined
  inputRef: RefObject<HTMLInputElement | null>
}

export function FilterBox({ text, onTextChange, problems, counts, inputRef }: FilterBoxProps) {
  const t = useTranslations('images.filter')
  const [draft, setDraft] = useState(text)
  const [isOpen, setOpen] = useState(false)
  const [marked, setMarked] = useState(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const sent = useRef(text)

  // The panel beside the grid writes the same text. Our own takes nothing back from who types on.
  useEffect(() => {
    if (text === sent.current) return
    sent.current = text
    clearTimeout(timer.current)
    setDraft(text)
  }, [text])

  const send = (next: string) => {
    sent.current = next.trim() ? next : ''
    onTextChange(next)
  }

  const write = (next: string, wait: number) => {
    setDraft(next)
    setMarked(0)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => send(next), wait)
  }
  const suggestions = isOpen
    ? suggest(draft, {
        expressions: counts?.expressions.map(({ text }) => text) ?? [],
        people: counts?.people ?? [],
      })
    : []
  const choose = (suggestion: Suggestion) => {
    write(applySuggestion(draft, suggestion), 0)
    inputRef.current?.focus()
  }

  return (
    <div className="relative min-w-0 max-w-xl flex-1">
      <Input
        ref={inputRef}
        role="combobox"
        aria-label={t('label')}
        aria-expanded={suggestions.length > 0}
        aria-controls="filter-suggestions"
        aria-autocomplete="list"
        aria-activedescendant={suggestions.length > 0 ? `filter-suggestion-${marked}` : undefined}
        icon={<ListFilter />}
        placeholder={t('placeholder')}
        spellCheck={false}
        value={draft}
        className="pr-7"
        onChange={(event) => {
          setOpen(true)
          write(event.target.value, SETTLE_MS)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          const suggestion = suggestions[marked]
          if (event.key === 'ArrowDown' && suggestions.length > 0) {
            setMarked((marked + 1) % suggestions.length)
          } else if (event.key === 'ArrowUp' && suggestions.length > 0) {
            setMarked((marked + suggestions.length - 1) % suggestions.length)
          } else if (event.key === 'Tab' && suggestion && draft.trim() !== '' && !event.shiftKey) {
            choose(suggestion)
          } else if (event.key === 'Enter') {
            setOpen(false)
            clearTimeout(timer.current)
            send(draft)
          } else if (event.key === 'Escape' && (isOpen || draft)) {
            if (isOpen && suggestions.length > 0) setOpen(false)
            else write('', 0)
          } else {
            return
          }
          event.preventDefault()
        }}
      />
      {draft && (
        <IconButton
          size="sm"
          label={t('clear')}
          icon={<X />}
          className="absolute top-0.5 right-0.5"
          onClick={() => write('', 0)}
        />
      )}
      <FilterSuggestions suggestions={suggestions} marked={marked} onChoose={choose} />
      {problems.length > 0 && !isOpen && (
        <ul
          role="alert"
          className="absolute top-full left-0 z-30 mt-1 rounded-md border border-border bg-raised px-2 py-1 text-sm text-warning shadow-raised"
        >
          {problems.map(({ kind, key, value, known }) => (
            <li key={`${kind} ${key} ${value}`}>{t(kind, { key, value, known: known.join(', ') })}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
