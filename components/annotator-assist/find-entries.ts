import type { PromptLanguage } from '../../server/contracts/project.ts'
import { referringQuestion } from '../../server/grounding/prompts.ts'
import type { Entry } from '../annotator/document/edit.ts'
import type { Editor } from '../annotator/editor/editor.ts'
import { withFound } from '../annotator/suggestions/merge.ts'
import { focusedOne, standings } from '../annotator/suggestions/suggestion.ts'
import type { Question, QuestionAnswer } from '../assist/messages.ts'
import { suggestionsOf } from './found-suggestions.ts'

/** Longest answer; the trainer's `predict` stops at the same length. */
const MAX_NEW_TOKENS = 256

export interface FindOptions {
  editor: Editor
  entries: readonly Entry[]
  model: { key: string; name: string; runId: string | null }
  imageUrl: string
  language: PromptLanguage
  ask: (question: Question) => Promise<QuestionAnswer>
  /** Before each question: how many are done. */
  onAsking: (entry: Entry, done: number) => void
  signal: AbortSignal
}

/**
 * Asks a model for one expression after the other. What it answers becomes suggestions at once, so that the first can
 * be judged while the others are asked; what was answered before a cancellation stays.
 */
export async function findEntries(options: FindOptions): Promise<void> {
  const { editor, entries, model, imageUrl, language, ask, onAsking, signal } = options
  const counts = { count: 0, there: 0, rejectedBefore: 0, unreadable: 0 }
  for (const [done, entry] of entries.entries()) {
    signal.throwIfAborted()
    onAsking(entry, done)
    const answer = await ask({
      imageUrl,
      prompt: referringQuestion(entry.text, language),
      maxNewTokens: MAX_NEW_TOKENS,
    })
    const { doc, suggestions } = editor.getState()
    const found = suggestionsOf(answer, entry, model, doc.image)
    const asked = { model: model.key, texts: new Set([entry.text]) }
    const merged = withFound(suggestions, found.suggestions, asked)
    editor.setSuggestions(merged.suggestions)
    const all = standings(doc, merged.suggestions)
    const isFresh = ({ id }: { id: string }) => found.suggestions.some((each) => each.id === id)
    const fresh = merged.suggestions.filter(isFresh)
    const open = fresh.filter(({ id }) => all.get(id) === 'open')
    counts.count += open.length
    counts.there += fresh.length - open.length
    counts.rejectedBefore += merged.rejectedBefore
    counts.unreadable += Number(found.isUnreadable)
    const [first] = open
    if (first && !focusedOne(editor.getState())) editor.focusSuggestion(first.id)
  }
  editor.notify({ code: 'found', ...counts, asked: entries.length })
}
