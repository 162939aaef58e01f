'use client'

import { useTranslations } from 'next-intl'
import { cn } from '../ui/cn.ts'
import type { Suggestion } from './filter-suggestions.ts'
import { type FilterKey, SPLIT_VALUES, STATUS_VALUES } from './image-filter.ts'

export interface FilterSuggestionsProps {
  suggestions: readonly Suggestion[]
  marked: number
  onChoose: (suggestion: Suggestion) => void
}

export function FilterSuggestions({ suggestions, marked, onChoose }: FilterSuggestionsProps) {
  const t = useTranslations('images')
  if (suggestions.length === 0) return null
  return (
    <div
      id="filter-suggestions"
      role="listbox"
      aria-label={t('filter.suggestions')}
      className="absolute top-full left-0 z-30 mt-1 w-80 max-w-full rounded-lg border border-border bg-raised p-1 shadow-raised"
    >
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.written}
          id={`filter-suggestion-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === marked}
          // The box must keep the focus, or its list would close before the press counts.
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(suggestion)
          }}
          className={cn(
            'flex h-7 cursor-default items-center gap-2 rounded-md px-2 hover:bg-hover',
            index === marked && 'bg-hover',
          )}
        >
          {suggestion.kind === 'value' ? (
            <ValueWords keyOfValue={suggestion.key} value={suggestion.value} />
          ) : (
            <>
              <code className="font-mono text-sm">{suggestion.written.trim()}</code>
              <span className="truncate text-muted text-sm">
                {suggestion.kind === 'key'
                  ? t(`filter.keys.${suggestion.key}`)
                  : t(`filter.words.${suggestion.word}`)}
              </span>
            </>
          )}
        </div>
      ))}
    </div>
  )
}

/** What is written stays in English, so that an address means the same to everybody; the words say what it is. */
function ValueWords({ keyOfValue, value }: { keyOfValue: FilterKey; value: string }) {
  const words = useValueWords(keyOfValue, value)
  return (
    <>
      <span className="truncate">{value}</span>
      {words && words.toLowerCase() !== value.replaceAll('_', ' ') && (
        <span className="truncate text-muted text-sm">{words}</span>
      )}
    </>
  )
}

function useValueWords(key: FilterKey, value: string): string | null {
  const t = useTranslations('images')
  const status = key === 'status' && STATUS_VALUES.find((each) => each === value)
  const split = key === 'split' && SPLIT_VALUES.find((each) => each === value)
  if (status) return status === 'unfinished' ? t('facets.unfinished') : t(`statuses.${status}`)
  if (split) return t(`splits.${split}`)
  if (key === 'comments') return value === 'open' ? t('facets.openComments') : t('filter.anyComments')
  if (key === 'suggestions') return t('facets.openSuggestions')
  if (key !== 'assignee' && key !== 'by') return null
  if (value === 'me') return t('facets.me')
  return value === 'none' ? t('facets.nobody') : null
}
