'use client'

import { Copy, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import type { PromptLanguage } from '../../../server/contracts/project.ts'
import { ConversationOptions, type ConversationStyle } from '../../../server/contracts/version.ts'
import {
  conversationTurns,
  type RenderedConversation,
  type RenderedTurn,
  renderConversation,
} from '../../../server/grounding/conversation.ts'
import { groundedExpressions } from '../../../server/grounding/document.ts'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { toast } from '../../ui/toast.tsx'
import { orderedExpressions, toDocument } from '../document/doc.ts'
import type { Editor } from '../editor/editor.ts'
import type { EditorState } from '../editor/state.ts'
import { useSettled } from '../editor/use-settled.ts'
import { Panel } from './panel.tsx'
import { useFromTop } from './use-from-top.ts'

interface ConversationPanelProps {
  editor: Editor
  language: PromptLanguage
}

const SHOWN = ['doc', 'active', 'selection'] as const
const NOTHING_YET: RenderedConversation = { turns: [], problems: [], skippedNegatives: [] }

/** The very text that export writes for this image; what belongs to the selection is marked. */
export const ConversationPanel = memo(function ConversationPanel({
  editor,
  language,
}: ConversationPanelProps) {
  const t = useTranslations('annotator.conversation')
  const [style, setStyle] = useState<ConversationStyle>('referring')
  const shown = useSettled(editor, SHOWN)
  const doc = shown?.doc
  const rendered = useMemo(
    () =>
      doc
        ? renderConversation(
            groundedExpressions(toDocument(doc)),
            doc.image,
            ConversationOptions.parse({ style, language }),
          )
        : NOTHING_YET,
    [doc, style, language],
  )
  const scroller = useRef<HTMLDivElement>(null)
  useFromTop(scroller, editor)
  const marked = useMarked(shown)
  const first = rendered.turns.findIndex((turn) => isMarked(turn, marked))
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(conversationTurns(rendered), null, 2))
    toast.success(t('copied'))
  }

  return (
    <Panel
      title={t('title')}
      className="min-h-32 flex-[1.4]"
      tools={
        <>
          <Segmented
            aria-label={t('style')}
            className="scale-90"
            value={style}
            onValueChange={setStyle}
            options={[
              { value: 'referring', label: t('referring') },
              { value: 'detection', label: t('detection') },
            ]}
          />
          <IconButton size="sm" label={t('copy')} icon={<Copy />} onClick={copy} />
        </>
      }
    >
      {rendered.problems.length > 0 && (
        <p className="flex items-center gap-2 px-3 pb-2 text-sm text-warning [&_svg]:size-4">
          <TriangleAlert aria-hidden />
          {t('problem', { count: rendered.problems.filter((problem) => problem.kind === 'box').length })}
        </p>
      )}
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
        {doc && rendered.turns.length === 0 && <p className="text-muted">{t('empty')}</p>}
        <ol aria-label={t('title')}>
          {rendered.turns.map((turn, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a turn is its place in the conversation
            <Turn key={place} turn={turn} marked={marked} isShown={place === first || place === first + 1} />
          ))}
        </ol>
      </div>
    </Panel>
  )
})

function isMarked(turn: RenderedTurn, marked: ReadonlySet<number>): boolean {
  return turn.parts.some((part) => part.expression !== null && marked.has(part.expression))
}

interface TurnProps {
  turn: RenderedTurn
  marked: ReadonlySet<number>
  /** The first question that is marked, or its answer: to be seen. */
  isShown: boolean
}

function Turn({ turn, marked, isShown }: TurnProps) {
  const t = useTranslations('annotator.conversation')
  const own = isMarked(turn, marked)
  const line = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (own && isShown) line.current?.scrollIntoView({ block: 'nearest' })
  }, [own, isShown])
  return (
    <li
      ref={line}
      // What is scrolled out of sight is not laid out: a turn of thousands of boxes is a hundred pages.
      className={cn(
        'py-1 [contain-intrinsic-height:auto_3rem] [content-visibility:auto]',
        turn.from === 'human' && 'mt-1',
      )}
      data-marked={own || undefined}
    >
      <span className="block text-faint text-xs">{t(turn.from)}</span>
      <span className="block whitespace-pre-wrap break-words font-mono text-xs" data-turn={turn.from}>
        {turn.parts.map((part, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the turn
            key={place}
            className={cn(
              'rounded-sm',
              part.expression !== null && marked.has(part.expression) && 'bg-accent-soft text-accent',
              part.expression === null && 'text-muted',
            )}
          >
            {part.text}
          </span>
        ))}
      </span>
    </li>
  )
}

/** Places, in order of annotation, of the expressions that are chosen or that selected boxes answer. */
function useMarked(shown: Pick<EditorState, 'doc' | 'active' | 'selection'> | null): ReadonlySet<number> {
  const { doc, active, selection } = shown ?? {}
  return useMemo(() => {
    if (!doc || !selection) return new Set()
    const ids = new Set(selection.flatMap((id) => doc.boxes.get(id)?.expressionIds ?? []))
    const places = orderedExpressions(doc).flatMap((expression, place) =>
      ids.has(expression.id) || (ids.size === 0 && expression.text === active?.text) ? [place] : [],
    )
    return new Set(places)
  }, [doc, active, selection])
}
