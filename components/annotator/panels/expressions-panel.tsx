'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, type Ref, useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import type { Finder } from '../actions/action.ts'
import type { ListedEntry } from '../document/entries.ts'
import { similarTexts } from '../document/near-duplicate.ts'
import { type ExpressionWarning, expressionWarnings } from '../document/warnings.ts'
import type { Editor } from '../editor/editor.ts'
import { useEditor } from '../editor/use-editor.ts'
import { EntryRow } from './entry-row.tsx'
import { ExpressionInput } from './expression-input.tsx'
import { Panel } from './panel.tsx'

/** Classes without boxes that are listed before the rest is folded away. */
const UNUSED_SHOWN = 9
const NO_WARNINGS: readonly ExpressionWarning[] = []

export interface ExpressionsPanelProps {
  editor: Editor
  /** Which image it is: what is being typed belongs to it. */
  imageUrl: string
  entries: readonly ListedEntry[]
  inputRef: Ref<HTMLInputElement>
  /** After an expression was chosen: the hand goes on drawing. */
  onChosen: () => void
  /** Asks a model for an expression; null = this person may not, or there is no model. */
  finder: Finder | null
  /** Which model, and what it is doing. */
  modelBar: ReactNode
}

export function ExpressionsPanel(props: ExpressionsPanelProps) {
  const { editor, imageUrl, entries, inputRef, onChosen, finder, modelBar } = props
  const t = useTranslations('annotator.expressions')
  const active = useEditor(editor, (state) => state.active)
  const readOnly = useEditor(editor, (state) => state.readOnly)
  const texts = entries.map((entry) => entry.text).join('\n')
  const similar = useMemo(() => similarTexts(texts.split('\n')), [texts])
  const warnings = useMemo(() => expressionWarnings(entries, similar), [entries, similar])
  const [showsAll, setShowsAll] = useState(false)

  const foldable = entries.filter((entry, place) => entry.state === 'unused' && place >= UNUSED_SHOWN)
  const shown = showsAll ? entries : entries.filter((entry) => !foldable.includes(entry))
  return (
    <Panel title={t('title')} className="max-h-[45%] shrink-0">
      {!readOnly && (
        <div className="px-2 pb-1">
          <ExpressionInput
            key={imageUrl}
            inputRef={inputRef}
            entries={entries}
            label={t('addLabel')}
            onChoose={(entry) => {
              editor.addDraft({ kind: entry.kind, text: entry.text })
              editor.setTool('draw')
              onChosen()
            }}
            onFind={
              finder
                ? (entry) => {
                    editor.addDraft({ kind: entry.kind, text: entry.text })
                    onChosen()
                    finder.find([{ kind: entry.kind, text: entry.text }])
                  }
                : undefined
            }
          />
          {modelBar}
        </div>
      )}
      {entries.length === 0 ? (
        <p className="px-3 pb-3 text-muted">{t('empty')}</p>
      ) : (
        <ul aria-label={t('title')} className="min-h-0 overflow-y-auto px-1.5 pb-2">
          {shown.map((entry) => (
            <EntryRow
              key={entry.text}
              entry={entry}
              editor={editor}
              isActive={entry.text === active?.text}
              readOnly={readOnly}
              finder={finder}
              warnings={warnings.get(entry.text) ?? NO_WARNINGS}
            />
          ))}
          {foldable.length > 0 && (
            <li>
              <Button
                size="sm"
                variant="ghost"
                className="ml-1 text-muted"
                onClick={() => setShowsAll(!showsAll)}
              >
                {showsAll ? t('less') : t('more', { count: foldable.length })}
              </Button>
            </li>
          )}
        </ul>
      )}
    </Panel>
  )
}
