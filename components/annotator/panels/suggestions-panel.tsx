'use client'

import { Check, CheckCheck, Undo2, X } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { goToSuggestion } from '../actions/suggestion-actions.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { useKeymap } from '../keymap/use-keymap.ts'
import { useChipWords } from '../stage/suggestions-layer.tsx'
import { acceptSuggestions, bringBackRejected, rejectSuggestions } from '../suggestions/judge.ts'
import { openOnes, type Suggested, standings } from '../suggestions/suggestion.ts'
import { Dot } from './expression-input.tsx'
import { Panel } from './panel.tsx'

/** What models propose for this image, as a list: with keys, pointer and screen reader one gets at each. */
export function SuggestionsPanel({
  editor,
  colours,
}: {
  editor: Editor
  colours: ReadonlyMap<string, string>
}) {
  const t = useTranslations('assist.suggestions')
  const keymap = useKeymap()
  const listId = useId()
  const doc = useEditor(editor, (state) => state.doc)
  const suggestions = useEditor(editor, (state) => state.suggestions)
  const focused = useEditor(editor, (state) => state.focusedSuggestion)
  const readOnly = useEditor(editor, (state) => state.readOnly)
  const all = standings(doc, suggestions)
  const open = openOnes({ doc, suggestions })
  const there = suggestions.filter(({ id }) => all.get(id) === 'there')
  const rejected = suggestions.filter(({ id }) => all.get(id) === 'rejected').length
  if (open.length + there.length + rejected === 0) return null

  const current = open.findIndex(({ id }) => id === focused)
  const onKeyDown = (event: KeyboardEvent) => {
    const places = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: open.length - 1 }
    const place = places[event.key as keyof typeof places]
    if (place === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    goToSuggestion(editor, open[Math.min(open.length - 1, Math.max(0, place))])
  }
  return (
    <Panel
      title={t('count', { count: open.length })}
      className="max-h-[30%] shrink-0"
      tools={
        !readOnly &&
        open.length > 0 && (
          <>
            <IconButton
              size="sm"
              label={t('acceptAll')}
              shortcut={keymap.get('acceptAllSuggestions')?.[0]}
              icon={<CheckCheck />}
              onClick={() => acceptSuggestions(editor, open)}
            />
            <IconButton
              size="sm"
              label={t('rejectAll')}
              shortcut={keymap.get('rejectAllSuggestions')?.[0]}
              icon={<X />}
              onClick={() => rejectSuggestions(editor, open)}
            />
          </>
        )
      }
    >
      {open.length > 0 && (
        <div
          role="listbox"
          aria-label={t('title')}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
          className="min-h-0 overflow-y-auto px-1.5 pb-1 focus-visible:outline-offset-[-2px]"
        >
          {open.map((each, place) => (
            <Row
              key={each.id}
              id={`${listId}-${place}`}
              suggestion={each}
              colour={colours.get(each.entry.text) ?? '#888888'}
              isFocused={each.id === focused}
              readOnly={readOnly}
              editor={editor}
            />
          ))}
        </div>
      )}
      {there.length > 0 && (
        <ul className="px-1.5 pb-1">
          {there.map((each) => (
            <li key={each.id} className="flex items-center gap-1.5 px-1.5 text-faint text-sm">
              <span className="min-w-0 flex-1 truncate">{each.entry.text}</span>
              {t('there')}
            </li>
          ))}
        </ul>
      )}
      {rejected > 0 && !readOnly && (
        <div className="px-2 pb-1.5">
          <Button size="sm" variant="ghost" icon={<Undo2 />} onClick={() => bringBackRejected(editor)}>
            {t('bringBack', { count: rejected })}
          </Button>
        </div>
      )}
    </Panel>
  )
}

interface RowProps {
  id: string
  suggestion: Suggested
  colour: string
  isFocused: boolean
  readOnly: boolean
  editor: Editor
}

function Row({ id, suggestion, colour, isFocused, readOnly, editor }: RowProps) {
  const t = useTranslations('assist.suggestions')
  const format = useFormatter()
  const words = useChipWords()
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isFocused) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isFocused])
  const { entry, rect, model, score } = suggestion
  const number = (value: number) => format.number(value, { maximumFractionDigits: 1, useGrouping: false })
  const [x, y, width, height] = [number(rect.x), number(rect.y), number(rect.width), number(rect.height)]
  const sure = score === null ? 'none' : format.number(score, { style: 'percent', maximumFractionDigits: 0 })
  const onPointerDown = (event: PointerEvent) => {
    const pressed = event.target instanceof Element && event.target.closest<HTMLElement>('[data-judge]')
    if (!pressed) goToSuggestion(editor, suggestion)
    else if (pressed.dataset.judge === 'accept') acceptSuggestions(editor, [suggestion])
    else rejectSuggestions(editor, [suggestion])
  }
  return (
    <div
      ref={row}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isFocused}
      aria-label={t('row', { name: entry.text, model: model.name, score: sure, x, y, width, height })}
      data-suggestion={[rect.x, rect.y, rect.width, rect.height].join(' ')}
      className={cn(
        'flex h-6.5 cursor-default items-center gap-1.5 rounded-md px-1.5',
        isFocused ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
      onPointerDown={onPointerDown}
    >
      <Dot colour={colour} hollow />
      <span className="min-w-0 flex-1 truncate">{entry.text}</span>
      <span data-numeric className="max-w-36 truncate text-muted text-sm">
        {words(model.name, score)}
      </span>
      {!readOnly && (
        <>
          <JudgeIcon judge="accept" />
          <JudgeIcon judge="reject" />
        </>
      )}
    </div>
  )
}

/** For the pointer only: an option of a list cannot hold buttons. Keys and the palette judge the one in focus. */
function JudgeIcon({ judge }: { judge: 'accept' | 'reject' }) {
  const Icon = judge === 'accept' ? Check : X
  return (
    <span
      aria-hidden
      data-judge={judge}
      className={cn(
        'rounded-sm p-0.5 text-muted hover:bg-active [&_svg]:size-3.5',
        judge === 'accept' ? 'hover:text-success' : 'hover:text-danger',
      )}
    >
      <Icon />
    </span>
  )
}
